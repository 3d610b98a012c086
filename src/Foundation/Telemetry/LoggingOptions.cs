using Gatehouse.Foundation.Configuration;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Telemetry;

public enum LogFormat
{
    Auto,
    Json,
    Readable,
}

/// <summary>What is logged, and how a line looks. Lines go to standard output.</summary>
[Section("Logging")]
public sealed class LoggingOptions : IValidatedOptions
{
    [Setting("The lowest level that is logged.")]
    public LogLevel Level { get; set; } = LogLevel.Information;

    [Setting("Other levels for loggers whose name begins so: " +
             "`Gatehouse.Ticketing=debug,Microsoft.AspNetCore=information`.")]
    public IReadOnlyList<string> Levels { get; set; } = ["Microsoft.AspNetCore=warning"];

    [Setting("`json` (an object a line), `readable`, or `auto`: readable in development, else JSON.")]
    public LogFormat Format { get; set; } = LogFormat.Auto;

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment) =>
        Levels.Where(item => ReadLevel(item) is null).Select(item => (nameof(Levels),
            $"'{item}' is not Logger=level, with one of trace, debug, information, warning, error, critical, none"));

    internal static (string Logger, LogLevel Level)? ReadLevel(string item)
    {
        var at = item.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && !char.IsDigit(item[^1]) &&
               Enum.TryParse<LogLevel>(item[(at + 1)..].Trim(), ignoreCase: true, out var level)
            ? (item[..at].Trim(), level)
            : null;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>What both formatters read from a log entry besides its message.</summary>
internal static class LogLine
{
    /// <summary>
    /// The values of our scopes, the inner winning, and the trace where no scope names it; none of them null.
    /// </summary>
    public static List<KeyValuePair<string, object>> ScopeValues(IExternalScopeProvider? scopes)
    {
        var values = new List<KeyValuePair<string, object>>();
        scopes?.ForEachScope(static (scope, values) =>
        {
            foreach (var (name, value) in scope as LogScope ?? Enumerable.Empty<KeyValuePair<string, object?>>())
            {
                values.RemoveAll(v => v.Key == name);
                if (value is not null)
                {
                    values.Add(new(name, value));
                }
            }
        }, values);

        if (Activity.Current is { } activity && !values.Exists(v => v.Key == "traceId"))
        {
            values.Add(new("traceId", activity.TraceId.ToHexString()));
        }

        return values;
    }

    public static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}

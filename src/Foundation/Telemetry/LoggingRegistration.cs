using Gatehouse.Foundation.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Foundation.Telemetry;

public static class LoggingRegistration
{
    /// <summary>Logs to standard output as the options say, and nowhere else.</summary>
    public static ILoggingBuilder AddGatehouseLogging(
        this ILoggingBuilder logging, LoggingOptions options, RuntimeEnvironment environment)
    {
        var readable = options.Format == LogFormat.Readable ||
            (options.Format == LogFormat.Auto && environment == RuntimeEnvironment.Development);

        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.ClearProviders();
        logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<ReadableLineFormatter, ConsoleFormatterOptions>();
        logging.AddConsole(console =>
        {
            console.FormatterName = readable ? ReadableLineFormatter.FormatterName : JsonLineFormatter.FormatterName;
            // A reader of the log that stalls must not stall the service.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = 10_000;
        });

        logging.SetMinimumLevel(options.Level);
        foreach (var (logger, level) in options.Levels.Select(LoggingOptions.ReadLevel).OfType<(string, LogLevel)>())
        {
            logging.AddFilter(logger, level);
        }

        return logging;
    }
}

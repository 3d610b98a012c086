using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Foundation.Tests.Telemetry;

/// <summary>A logger that keeps what a formatter would have written to the console.</summary>
internal sealed class FormattedLog(ConsoleFormatter formatter) : ILogger, IDisposable
{
    private readonly LoggerExternalScopeProvider scopes = new();
    private readonly StringWriter written = new();

    public string Text => written.ToString();

    public IDisposable BeginScope<TState>(TState state)
        where TState : notnull => scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> render) =>
        formatter.Write(
            new LogEntry<TState>(logLevel, "Gatehouse.Door", eventId, state, exception, render), scopes, written);

    public void Dispose() => written.Dispose();
}

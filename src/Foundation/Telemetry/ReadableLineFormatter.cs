using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>
/// One line for a person's eyes; only an exception takes more, and those are indented, so that none can pass for an
/// entry.
/// </summary>
internal sealed class ReadableLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "gatehouse-readable";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write(LogLine.Level(logEntry.LogLevel).PadRight(6));
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        WriteEscaped(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        foreach (var (name, value) in LogLine.ScopeValues(scopeProvider))
        {
            textWriter.Write($" {name}=");
            WriteEscaped(textWriter, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        textWriter.Write('\n');
        foreach (var line in logEntry.Exception?.ToString().Split('\n') ?? [])
        {
            textWriter.Write("    ");
            WriteEscaped(textWriter, line.TrimEnd('\r'));
            textWriter.Write('\n');
        }
    }

    private static void WriteEscaped(TextWriter writer, string? text)
    {
        foreach (var c in text ?? "")
        {
            switch (c)
            {
                case '\n':
                    writer.Write("\\n");
                    break;
                case '\r':
                    writer.Write("\\r");
                    break;
                case '\t':
                    writer.Write("\\t");
                    break;
                case var _ when char.IsControl(c) || SplitsOrTurns(c):
                    writer.Write($"\\u{(int)c:x4}");
                    break;
                default:
                    writer.Write(c);
                    break;
            }
        }
    }

    /// <summary>Unicode's line and paragraph separators, and what makes text run the other way.</summary>
    private static bool SplitsOrTurns(char c) => c is >= '\u2028' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}

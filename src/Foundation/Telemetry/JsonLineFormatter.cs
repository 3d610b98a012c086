using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using EventId = Microsoft.Extensions.Logging.EventId;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>One JSON object a line, whatever the values hold: the writer escapes every control character.</summary>
internal sealed class JsonLineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "gatehouse-json";

    // Relaxed: lines are read by machines and in terminals, never as HTML.
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", time.Now().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", LogLine.Level(logEntry.LogLevel));
            json.WriteString("logger", logEntry.Category);
            WriteEvent(json, logEntry.EventId);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            foreach (var (name, value) in LogLine.ScopeValues(scopeProvider))
            {
                WriteValue(json, name, value);
            }

            WriteProperties(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        textWriter.Write('\n');
    }

    private static void WriteEvent(Utf8JsonWriter json, EventId id)
    {
        if (id.Id != 0)
        {
            json.WriteNumber("eventId", id.Id);
        }

        if (id.Name is { } name)
        {
            json.WriteString("event", name);
        }
    }

    /// <summary>The message's named values, in an object of their own so that no name can stand in for ours.</summary>
    private static void WriteProperties(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        var open = false;
        foreach (var (name, value) in properties)
        {
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            if (!open)
            {
                json.WriteStartObject("properties");
                open = true;
            }

            WriteValue(json, JsonNamingPolicy.CamelCase.ConvertName(name), value);
        }

        if (open)
        {
            json.WriteEndObject();
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case decimal number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}

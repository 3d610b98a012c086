using System.Buffers;
using System.Collections.Concurrent;
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

    // Names stand in the code, so there are only so many.
    private static readonly ConcurrentDictionary<string, string> CamelCase = new(StringComparer.Ordinal);
    private static readonly Func<string, string> ToCamelCase = JsonNamingPolicy.CamelCase.ConvertName;

    [ThreadStatic]
    private static Line? spare;

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // A line for every request: what makes it is used again. An exception's ToString may log, and so come in here
        // once more before the outer line is done.
        var line = spare ?? new Line();
        spare = null;
        var json = line.Json;
        json.WriteStartObject();
        WriteTime(json);
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

        line.WriteTo(textWriter);
        spare = line;
    }

    private void WriteTime(Utf8JsonWriter json)
    {
        Span<char> text = stackalloc char[24];
        time.Now().TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString("time", text[..length]);
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
        for (var i = 0; i < properties.Count; i++)
        {
            var (name, value) = properties[i];
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            if (!open)
            {
                json.WriteStartObject("properties");
                open = true;
            }

            WriteValue(json, CamelCase.GetOrAdd(name, ToCamelCase), value);
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

    private sealed class Line
    {
        private const int BytesKeptMax = 16 * 1024;
        private ArrayBufferWriter<byte> buffer = new(512);

        public Line() => Json = new Utf8JsonWriter(buffer, WriterOptions);

        public Utf8JsonWriter Json { get; }

        public void WriteTo(TextWriter writer)
        {
            Json.Flush();
            var bytes = buffer.WrittenSpan;
            var text = ArrayPool<char>.Shared.Rent(bytes.Length + 1);
            var count = Encoding.UTF8.GetChars(bytes, text);
            text[count] = '\n';
            writer.Write(text, 0, count + 1);
            ArrayPool<char>.Shared.Return(text);
            if (buffer.Capacity > BytesKeptMax)
            {
                buffer = new ArrayBufferWriter<byte>(512);
            }

            buffer.ResetWrittenCount();
            Json.Reset(buffer);
        }
    }
}

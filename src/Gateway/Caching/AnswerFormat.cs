using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Caching;

/// <summary>An answer in bytes, for other gateways; what another version of the program wrote is none.</summary>
internal static class AnswerFormat
{
    private const byte Version = 1;
    private const byte IsVary = 1;
    private const byte IsAnswer = 2;

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<string> vary) => Write(IsVary, to => Write(to, vary));

    public static ReadOnlyMemory<byte> Write(StoredAnswer answer) => Write(IsAnswer, to =>
    {
        to.Write(answer.Status);
        to.Write(answer.Headers.Count);
        foreach (var (name, values) in answer.Headers)
        {
            to.Write(name);
            Write(to, [.. values.Select(value => value ?? "")]);
        }

        var times = answer.Times;
        to.Write(times.At.UtcTicks);
        to.Write(times.AgeThen.Ticks);
        to.Write(times.FreshFor.Ticks);
        to.Write(times.NoCache);
        to.Write(times.StaleIfError.Ticks);
        to.Write(times.StaleWhileRevalidate.Ticks);
        to.Write(answer.ETag ?? "");
        to.Write(answer.LastModified?.UtcTicks ?? 0);
        Write(to, answer.Vary);
        Write(to, answer.Tags);
        to.Write(answer.Body.Length);
        to.Write(answer.Body.Span);
    });

    public static (StoredAnswer? Answer, IReadOnlyList<string>? Vary) Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var from = new BinaryReader(MemoryMarshal.TryGetArray(bytes, out var array)
                ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
                : new MemoryStream(bytes.ToArray()));
            return from.ReadByte() != Version ? default
                : from.ReadByte() == IsVary ? (null, ReadTexts(from))
                : (ReadAnswer(from), null);
        }
        catch (Exception failure) when (
            failure is IOException or FormatException or ArgumentException or OverflowException)
        {
            return default;
        }
    }

    private static StoredAnswer ReadAnswer(BinaryReader from)
    {
        var status = from.ReadInt32();
        var headers = new KeyValuePair<string, StringValues>[from.ReadInt32()];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new(from.ReadString(), ReadTexts(from));
        }

        var times = new AnswerTimes(
            Date(from.ReadInt64()), Span(from), Span(from), from.ReadBoolean(), Span(from), Span(from));
        var (tag, changed) = (from.ReadString(), from.ReadInt64());
        return new StoredAnswer
        {
            Status = status,
            Headers = headers,
            Times = times,
            ETag = tag.Length == 0 ? null : tag,
            LastModified = changed == 0 ? null : Date(changed),
            Vary = ReadTexts(from),
            Tags = ReadTexts(from),
            Body = from.ReadBytes(from.ReadInt32()),
        };
    }

    private static DateTimeOffset Date(long ticks) => new(ticks, TimeSpan.Zero);

    private static TimeSpan Span(BinaryReader from) => TimeSpan.FromTicks(from.ReadInt64());

    private static byte[] Write(byte kind, Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(Version);
        to.Write(kind);
        write(to);
        to.Flush();
        return bytes.ToArray();
    }

    private static void Write(BinaryWriter to, IReadOnlyList<string> texts)
    {
        to.Write(texts.Count);
        foreach (var text in texts)
        {
            to.Write(text);
        }
    }

    private static string[] ReadTexts(BinaryReader from)
    {
        var texts = new string[from.ReadInt32()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = from.ReadString();
        }

        return texts;
    }
}

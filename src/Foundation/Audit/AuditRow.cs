using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Foundation.Audit;

/// <summary>
/// One row as the database gives it, each value as either engine has it: what was tampered with need not be of its
/// type any more.
/// </summary>
internal sealed class AuditRow
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public object? Number { get; init; }

    public object? At { get; init; }

    public object? Actor { get; init; }

    public object? ActorKind { get; init; }

    public object? RequestId { get; init; }

    public object? ClientAddress { get; init; }

    public object? Action { get; init; }

    public object? Object { get; init; }

    public object? Before { get; init; }

    public object? After { get; init; }

    public object? PreviousHash { get; init; }

    public object? Hash { get; init; }

    /// <summary>
    /// SHA-256 over the hash before it and the columns in order, each as text in UTF-8 behind its length in four bytes,
    /// big-endian; minus one stands for null. So no two rows share an encoding.
    /// </summary>
    public string HashAfter(string previousHash)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        foreach (var value in (ReadOnlySpan<object?>)
            [previousHash, Number, At, Actor, ActorKind, RequestId, ClientAddress, Action, Object, Before, After])
        {
            Append(buffer, Text(value));
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Append(ArrayBufferWriter<byte> buffer, string? text)
    {
        BinaryPrimitives.WriteInt32BigEndian(
            buffer.GetSpan(sizeof(int)), text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        buffer.Advance(sizeof(int));
        if (text is not null)
        {
            Encoding.UTF8.GetBytes(text, buffer);
        }
    }

    // What SQLite stores of a value, so that both engines give the same text.
    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTimeOffset time => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        DateTime time => time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}

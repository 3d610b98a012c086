using System.Buffers.Binary;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// What a signed code says, as docs/ticket-codes.md has it byte by byte: 41 bytes that are signed, and 64 of the
/// signature (ES256).
/// </summary>
/// <param name="Kid">The key it was signed with: 8 letters.</param>
/// <param name="Version">Of the ticket: a code of another version than the ticket's is void.</param>
internal sealed record TicketCode(string Kid, EventId Event, TicketId Ticket, int Version)
{
    public const int SignedBytes = 41;
    public const int SignatureBytes = 64;
    public const int Bytes = SignedBytes + SignatureBytes;

    /// <summary>Of the whole code, in text.</summary>
    public const int Letters = 168;

    /// <summary>Of codes that releases before signed ones made, which are random and known to the database only.
    /// </summary>
    public const int PlainLetters = 26;

    public const int FirstVersion = 1;
    public const int KidBytes = 5;

    // Every code of this format begins with GHA; the next one is GHB.
    private const ushort Mark = 0x31C0;

    public static void Write(Span<byte> signed, ReadOnlySpan<byte> kid, EventId of, TicketId ticket, int version)
    {
        BinaryPrimitives.WriteUInt16BigEndian(signed, Mark);
        kid.CopyTo(signed[2..]);
        of.Value.TryWriteBytes(signed[7..], bigEndian: true, out _);
        ticket.Value.TryWriteBytes(signed[23..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(signed[39..], checked((ushort)version));
    }

    /// <summary>
    /// What a code claims, and its bytes to hold against the key; null where it is none of this format.
    /// </summary>
    public static (TicketCode Claim, byte[] Bytes)? Read(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Bytes];
        if (!Base32.TryDecode(text, bytes) || BinaryPrimitives.ReadUInt16BigEndian(bytes) != Mark)
        {
            return null;
        }

        var claim = new TicketCode(
            Base32.Encode(bytes.AsSpan(2, KidBytes)),
            new EventId(new Guid(bytes.AsSpan(7, 16), bigEndian: true)),
            new TicketId(new Guid(bytes.AsSpan(23, 16), bigEndian: true)),
            BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(39)));
        return (claim, bytes);
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Signs with one key. An <see cref="ECDsa"/> is for one thread at a time; as many are opened as sign at once.
/// </summary>
internal sealed class TicketSigner(string kid, Func<ECDsa> open) : ITicketSigner
{
    private readonly ConcurrentBag<ECDsa> idle = [];
    private readonly byte[] kidBytes = KidBytes(kid);

    public string Kid => kid;

    public string Sign(EventId of, TicketId ticket)
    {
        Span<byte> code = stackalloc byte[TicketCode.Bytes];
        var signed = code[..TicketCode.SignedBytes];
        TicketCode.Write(signed, kidBytes, of, ticket, TicketCode.FirstVersion);
        var key = idle.TryTake(out var free) ? free : open();
        key.SignData(
            signed,
            code[TicketCode.SignedBytes..],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        return Base32.Encode(code);
    }

    private static byte[] KidBytes(string kid)
    {
        var bytes = new byte[TicketCode.KidBytes];
        return Base32.TryDecode(kid, bytes) ? bytes : throw new FormatException($"'{kid}' is no id of a ticket key.");
    }
}

/// <summary>Tells whether a code was signed with one key; for many threads at once.</summary>
internal sealed class TicketVerifier(ECParameters key)
{
    private readonly ConcurrentBag<ECDsa> idle = [];

    public bool Verify(ReadOnlySpan<byte> code)
    {
        var opened = idle.TryTake(out var free) ? free : ECDsa.Create(key);
        var isSigned = opened.VerifyData(
            code[..TicketCode.SignedBytes],
            code[TicketCode.SignedBytes..],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(opened);
        return isSigned;
    }
}

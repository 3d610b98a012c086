using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Tells which ticket a scanned text is the code of.</summary>
internal sealed class TicketCodeReader(TicketKeyService keys, ICheckInRepository checkIns)
{
    /// <summary>The ticket and the version it is good for, or why it is none of this event's.</summary>
    /// <param name="of">At whose door it is read; random codes of earlier releases are known by event only.</param>
    /// <param name="text">Whatever was read, or typed.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    public async Task<(ScanResult? Refusal, TicketId Ticket, int? Version)> Read(
        EventId of, string text, CancellationToken cancellation)
    {
        var code = Bare(text);
        if (code.Length == TicketCode.PlainLetters)
        {
            return code.All(char.IsAsciiLetterOrDigit) &&
                await checkIns.FindPlain(of, code.ToUpperInvariant(), cancellation) is { } plain
                ? (null, plain, null)
                : (ScanResult.Unknown, default, null);
        }

        if (TicketCode.Read(code) is not var (claim, bytes) || !await keys.IsSigned(claim, bytes, cancellation))
        {
            return (ScanResult.Unknown, default, null);
        }

        return claim.Event == of
            ? (null, claim.Ticket, claim.Version)
            : (ScanResult.WrongEvent, default, null);
    }

    // As people type it, and as some scanners end it.
    private static string Bare(string text) => text.Length > CheckIn.CodeCharactersMax
        ? ""
        : string.Concat(text.Where(c => c is not (' ' or '-' or '\t' or '\r' or '\n')));
}

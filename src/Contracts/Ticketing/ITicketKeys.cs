using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>The keys that ticket codes are signed with; see docs/ticket-codes.md.</summary>
public interface ITicketKeys
{
    /// <summary>
    /// The public keys of all codes there are, the newest first: with them a code can be checked without this server.
    /// </summary>
    ValueTask<TokenKeySet> Published(CancellationToken cancellation);

    /// <summary>Every key, the newest first.</summary>
    Task<IReadOnlyList<TicketKeyView>> List(CancellationToken cancellation);

    /// <summary>
    /// Makes a key that signs from now on; instances that run take it within a minute. Codes that were signed before
    /// stay good. Code: <c>conflict</c> where another is made at the same moment.
    /// </summary>
    Task<Result<TicketKeyView>> Rotate(CancellationToken cancellation);
}

/// <summary>A key without its secret.</summary>
/// <param name="Kid">Its id, 8 letters.</param>
/// <param name="Signs">It is the one that signs new codes.</param>
public sealed record TicketKeyView(string Kid, DateTimeOffset CreatedAt, bool Signs);

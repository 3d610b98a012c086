using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Tickets to be held before a scanner.</summary>
public interface ITicketDocuments
{
    /// <summary>
    /// All valid tickets of a booking in one PDF, a page each. Codes: <c>not_found</c>, <c>wrong_state</c> where it has
    /// none.
    /// </summary>
    Task<Result<TicketDocument>> Write(BookingAccess access, Guid bookingId, CancellationToken cancellation);

    /// <summary>The code of one valid ticket. Code: <c>not_found</c>.</summary>
    Task<Result<string>> FindCode(
        BookingAccess access, Guid bookingId, Guid ticketId, CancellationToken cancellation);
}

/// <param name="Name">Of the file.</param>
public sealed record TicketDocument(string Name, byte[] Content);

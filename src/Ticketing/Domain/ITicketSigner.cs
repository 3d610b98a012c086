using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Makes the code of a ticket, with the key that signs today. For many threads at once.</summary>
internal interface ITicketSigner
{
    /// <returns>A text of <see cref="TicketCode.Letters"/> characters.</returns>
    string Sign(EventId of, TicketId ticket);
}

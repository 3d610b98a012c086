using System.Globalization;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Documents;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Makes tickets to print of what a buyer sees of a booking.</summary>
internal sealed class TicketDocumentService(IBookings bookings, IEventRepository events, TimeProvider time)
    : ITicketDocuments
{
    public async Task<Result<TicketDocument>> Write(
        BookingAccess access, Guid bookingId, CancellationToken cancellation)
    {
        var found = await bookings.Get(access, bookingId, cancellation);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var booking = found.Value;
        if (booking.Tickets.Count == 0 ||
            await events.Read(new EventId(booking.EventId), time.Now(), cancellation) is not var (@event, _))
        {
            return new Problem(ProblemCodes.WrongState, "It has no tickets: they are made when it is confirmed.");
        }

        var types = booking.Items.ToDictionary(item => item.TicketTypeId, item => item.TicketType);
        var pdf = CardDocument.Write(
            @event.Details.Name,
            [.. booking.Tickets.Select(ticket => Card(@event.Details, booking, ticket, types[ticket.TicketTypeId]))]);
        return new TicketDocument($"tickets-{booking.Code}.pdf", pdf);
    }

    public async Task<Result<string>> FindCode(
        BookingAccess access, Guid bookingId, Guid ticketId, CancellationToken cancellation)
    {
        var found = await bookings.Get(access, bookingId, cancellation);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        return found.Value.Tickets.FirstOrDefault(ticket => ticket.Id == ticketId) is { } ticket
            ? ticket.Code
            : Problem.NotFound("ticket");
    }

    private static DocumentCard Card(CheckedDetails of, BookingView booking, TicketView ticket, string type) => new(
        of.Name,
        [
            new CardLine("When", ZoneTimes.Range(of.StartAt, of.EndAt, of.TimeZone, CultureInfo.InvariantCulture)),
            .. Line("Where", of.Venue),
            .. Line("Address", of.Address),
            new CardLine("Ticket", type),
            .. Line("Name", booking.Name),
        ],
        ticket.Code,
        ticket.ShortCode ?? booking.Code,
        "Admits one person, once. Whoever shows the code is let in: keep it to yourself.");

    private static IEnumerable<CardLine> Line(string label, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [new CardLine(label, text)];
}

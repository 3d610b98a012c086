using System.Globalization;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Tickets as they are attached to a mail: the same pages that the box office draws.</summary>
internal static class TicketSheets
{
    public static TicketSheet Of(BookingConfirmedEvent fact, KnownEvent @event, string when) => new(
        @event.Name,
        when,
        @event.Venue,
        fact.Address,
        fact.Name,
        fact.Code,
        [
            .. fact.Tickets.Select((code, index) => new SheetTicket(
                code,
                fact.TicketTypes?.ElementAtOrDefault(index),
                string.Create(CultureInfo.InvariantCulture, $"{fact.Code}-{index + 1}"))),
        ]);

    /// <summary>A line for each: its short code, and what it is.</summary>
    public static IReadOnlyList<string> Lines(this TicketSheet sheet) =>
    [
        .. sheet.Tickets.Select(ticket => ticket.Type is { } type ? $"{ticket.ShortCode}: {type}" : ticket.ShortCode),
    ];

    public static byte[] Write(this TicketSheet sheet) => CardDocument.Write(
        sheet.Event,
        [
            .. sheet.Tickets.Take(CardDocument.CardsMax).Select(ticket => new DocumentCard(
                sheet.Event,
                [
                    new CardLine("When", sheet.When),
                    .. Line("Where", sheet.Venue),
                    .. Line("Address", sheet.Address),
                    .. Line("Ticket", ticket.Type),
                    .. Line("Name", sheet.Name),
                ],
                ticket.Code,
                ticket.ShortCode,
                "Admits one person, once. Whoever shows the code is let in: keep it to yourself.")),
        ]);

    private static IEnumerable<CardLine> Line(string label, string? text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [new CardLine(label, text)];
}

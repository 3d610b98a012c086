using System.Globalization;
using CsvHelper;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Ticketing.Http;

/// <summary>Bookings as a table.</summary>
internal static class BookingsCsv
{
    private static readonly string[] Header =
    [
        "code", "status", "name", "email", "places", "total", "currency", "booked_at", "ticket_types", "id",
    ];

    public static Task Write(
        Stream stream, IAsyncEnumerable<EventBookingView> bookings, CancellationToken cancellation) =>
        CsvFile.Write(stream, Header, bookings, Write, cancellation);

    private static void Write(CsvWriter csv, EventBookingView booking)
    {
        csv.WriteField(booking.Code);
        csv.WriteField(booking.Status);
        csv.WriteField(booking.Name);
        csv.WriteField(booking.Email);
        csv.WriteField(booking.Quantity);
        csv.WriteField(booking.Total);
        csv.WriteField(booking.Currency);
        csv.WriteField(booking.CreatedAt, "yyyy-MM-dd'T'HH:mm:ss'Z'");
        csv.WriteField(string.Join("; ", booking.Items.Select(item =>
            string.Create(CultureInfo.InvariantCulture, $"{item.Quantity} x {item.TicketType}"))));
        csv.WriteField(booking.Id);
    }
}

using System.Globalization;
using CsvHelper;
using Gatehouse.Contracts.Ticketing;

namespace Gatehouse.Ticketing.Http;

/// <summary>
/// Writes bookings as RFC 4180, row by row as they are read, in UTF-8 with the mark by which spreadsheets know it. What
/// a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection").
/// </summary>
internal static class BookingsCsv
{
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with
    {
        WriteByteOrderMark = true,
        Injection = CsvInjection.Escape,
    };

    private static readonly string[] Header =
    [
        "code", "status", "name", "email", "places", "total", "currency", "booked_at", "ticket_types", "id",
    ];

    public static async Task Write(
        Stream stream, IAsyncEnumerable<EventBookingView> bookings, CancellationToken cancellation)
    {
        await using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        await csv.WriteRecordAsync(Header, cancellation);
        await foreach (var booking in bookings.WithCancellation(cancellation))
        {
            Write(csv, booking);
            await csv.EndRecordAsync(cancellation);
        }
    }

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

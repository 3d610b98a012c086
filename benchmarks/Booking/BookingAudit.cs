using Npgsql;

namespace Gatehouse.Bench.Booking;

/// <summary>
/// What the database holds of one event: all of it must equal the number of buyers who were told yes.
/// </summary>
internal sealed record BookingAudit(long Bookings, long TicketsValid, long Sold, long OutboxRows)
{
    public bool Agrees(long acknowledged) =>
        Bookings == acknowledged && TicketsValid == acknowledged && Sold == acknowledged && OutboxRows == acknowledged;

    public static async Task<BookingAudit> Of(NpgsqlDataSource database, Guid eventId)
    {
        await using var command = database.CreateCommand(Sql.Count);
        command.Parameters.AddWithValue("eventId", eventId);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new BookingAudit(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    private static class Sql
    {
        public const string Count =
            """
            SELECT
                (SELECT COUNT(*) FROM ticketing.bookings WHERE event_id = @eventId AND status = 'confirmed'),
                (SELECT COUNT(*) FROM ticketing.tickets WHERE event_id = @eventId AND status = 'valid'),
                (SELECT CAST(SUM(sold) AS bigint) FROM ticketing.pools WHERE event_id = @eventId),
                (SELECT COUNT(*)
                 FROM ticketing.outbox o
                 JOIN ticketing.bookings b ON b.event_id = @eventId AND CAST(b.id AS text) = o.aggregate_id
                 WHERE o.type = 'booking.confirmed')
            """;
    }
}

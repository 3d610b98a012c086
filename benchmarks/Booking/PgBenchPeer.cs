using Gatehouse.Bench.Load;
using Gatehouse.Contracts.Ticketing;
using Npgsql;

namespace Gatehouse.Bench.Booking;

/// <summary>
/// The peer: pgbench on Gatehouse's own tables, one transaction a booking with the same guarded UPDATE and the inserts
/// of booking and outbox row. It has no HTTP, no tokens, and writes no tickets.
/// </summary>
internal sealed class PgBenchPeer(NpgsqlDataSource database, BookingPlan plan)
{
    /// <summary>Transactions a second, on a new event.</summary>
    public async Task<double> Run()
    {
        var eventId = Guid.CreateVersion7();
        await Publish(eventId);
        return await PgBench.Run(
            database.ConnectionString, Sql.Booking(eventId), plan.PeerConnections, plan.WarmUp, plan.Counted);
    }

    private async Task Publish(Guid eventId)
    {
        await using var command = database.CreateCommand(Sql.Publish);
        command.Parameters.AddWithValue("eventId", eventId);
        command.Parameters.AddWithValue("capacity", BoxOffice.Capacity);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What our outbox would hold of a booking.</summary>
    public static string Payload(Guid eventId) => new BookingConfirmedEvent(
        Guid.CreateVersion7(),
        TimeProvider.System.GetUtcNow(),
        Guid.CreateVersion7(),
        eventId,
        Guid.CreateVersion7(),
        Quantity: 1,
        Total: 0,
        "EUR",
        "ABCDEFGHJK",
        ["ABCDEFGHJKLMNPQRSTUVWXYZ23"]).ToJson();

    private static class Sql
    {
        public const string Publish =
            """
            WITH event AS (
                INSERT INTO ticketing.events (
                    id, organizer_id, slug, name, start_at, end_at, time_zone, price, currency, status, version,
                    created_at)
                VALUES (
                    @eventId, gen_random_uuid(), CAST(@eventId AS text), 'Peer', now() + interval '30 days',
                    now() + interval '31 days', 'UTC', 0, 'EUR', 'published', 1, now())
                RETURNING id)
            INSERT INTO ticketing.pools (event_id, id, size, held, sold)
            SELECT id, id, @capacity, 0, 0
            FROM event
            """;

        // 16 buyers, as on our side; the payload is the one our outbox would hold.
        public static string Booking(Guid eventId) =>
            $"""
            \set buyer random(10, 25)
            BEGIN;
            UPDATE ticketing.pools
                SET held = held + 0, sold = sold + 1
                WHERE event_id = '{eventId}' AND id = '{eventId}' AND held + sold + 1 <= size;
            INSERT INTO ticketing.bookings (
                    event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
                VALUES (
                    '{eventId}', gen_random_uuid(),
                    CAST('00000000-0000-7000-8000-0000000000' || CAST(:buyer AS text) AS uuid),
                    substr(CAST(gen_random_uuid() AS text), 1, 13), 1, 0, 'EUR', 'confirmed', now(), NULL);
            INSERT INTO ticketing.outbox (id, type, aggregate_id, payload, occurred_at)
                VALUES (
                    gen_random_uuid(), 'booking.confirmed', CAST(gen_random_uuid() AS text), '{Payload(eventId)}',
                    now());
            COMMIT;
            """;
    }
}

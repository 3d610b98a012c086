using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;
using Npgsql;

namespace Gatehouse.Bench.Journal;

/// <summary>
/// The peer: pgbench on Gatehouse's own table, one transaction an entry with the same row, and nothing else of what a
/// create does: no HTTP, no token, no tags, no statistics, no outbox.
/// </summary>
internal sealed class InsertPeer(NpgsqlDataSource database, BookingPlan plan)
{
    /// <summary>Transactions a second.</summary>
    public Task<double> Run() => PgBench.Run(
        database.ConnectionString, Sql.Insert, plan.PeerConnections, plan.WarmUp, plan.Counted);

    private static class Sql
    {
        public static readonly string Insert =
            $"""
            INSERT INTO journal.entries (
                    user_id, id, text, mood, category, tags, at, version, created_at, updated_at)
                VALUES (
                    '01900000-0000-7000-8000-000000000001', gen_random_uuid(), '{JournalLoad.Text}', 7, 'Outdoors',
                    '["river","walk"]', now(), 1, now(), now());
            """;
    }
}

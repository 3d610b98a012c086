using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Bench.Booking;

/// <summary>
/// The peer on SQLite: one connection in a loop on Gatehouse's own file, one transaction a booking with the guarded
/// UPDATE and the inserts of booking and outbox row, prepared. It has no HTTP, no tokens, and writes no tickets.
/// </summary>
internal sealed class SqlitePeer(string file)
{
    /// <summary>Bookings a second, at a new event.</summary>
    public double Run(TimeSpan warmUp, TimeSpan counted)
    {
        using var connection = new SqliteConnection($"Data Source={file};Foreign Keys=True;Pooling=False");
        connection.Open();
        Execute(connection, Sql.Pragmas);
        var eventId = $"{Guid.CreateVersion7()}";
        Execute(connection, Sql.Publish, ("$event", eventId), ("$capacity", BoxOffice.Capacity));
        Book(connection, eventId, warmUp);
        return Book(connection, eventId, counted) / counted.TotalSeconds;
    }

    private static long Book(SqliteConnection connection, string eventId, TimeSpan time)
    {
        using var take = Prepared(connection, Sql.Take, "$event");
        using var book = Prepared(connection, Sql.Book, "$event", "$id", "$code", "$now");
        using var tell = Prepared(connection, Sql.Tell, "$id", "$booking", "$payload", "$now");
        var payload = PgBenchPeer.Payload(Guid.Parse(eventId));
        var booked = 0L;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; booked++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var (id, now) = ($"{Guid.CreateVersion7()}", "2030-01-01T00:00:00.000000Z");
            Run(take, transaction, eventId);
            Run(book, transaction, eventId, id, id[^10..], now);
            Run(tell, transaction, $"{Guid.CreateVersion7()}", id, payload, now);
            transaction.Commit();
        }

        return booked;
    }

    private static SqliteCommand Prepared(SqliteConnection connection, string sql, params string[] names)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(name, SqliteType.Text);
        }

        return command;
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, params string[] values)
    {
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        if (command.ExecuteNonQuery() != 1)
        {
            throw new InvalidOperationException($"It changed nothing: {command.CommandText}");
        }
    }

    private static void Execute(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static class Sql
    {
        // As the program sets them.
        public const string Pragmas =
            """
            PRAGMA busy_timeout = 5000;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            """;

        public const string Publish =
            """
            INSERT INTO events (
                id, organizer_id, slug, name, start_at, end_at, time_zone, price, currency, status, version, created_at)
            VALUES (
                $event, $event, $event, 'Peer', '2030-01-01T00:00:00.000000Z', '2030-01-02T00:00:00.000000Z', 'UTC', 0,
                'EUR', 'published', 1, '2025-01-01T00:00:00.000000Z');
            INSERT INTO pools (event_id, id, size, held, sold)
            VALUES ($event, $event, $capacity, 0, 0);
            """;

        public const string Take =
            """
            UPDATE pools
            SET held = held + 0, sold = sold + 1
            WHERE event_id = $event AND id = $event AND held + sold + 1 <= size
            """;

        public const string Book =
            """
            INSERT INTO bookings (
                event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
            VALUES ($event, $id, $event, $code, 1, 0, 'EUR', 'confirmed', $now, NULL)
            """;

        public const string Tell =
            """
            INSERT INTO outbox (id, type, aggregate_id, payload, occurred_at)
            VALUES ($id, 'booking.confirmed', $booking, $payload, $now)
            """;
    }
}

using System.Data.Common;
using System.Globalization;
using Gatehouse.Foundation.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What the database itself says, read past the program.</summary>
public sealed class Ledger(DatabaseOptions options)
{
    /// <summary>Every number of one event that must agree with the others.</summary>
    public sealed record Books(
        long Size,
        long Held,
        long Sold,
        long ConfirmedPlaces,
        long HeldPlaces,
        long ValidTickets,
        long Bookings,
        long Announced);

    public async Task<Books> Of(string eventId)
    {
        await using var connection = await Open("ticketing");
        Task<long> Number(string sql) =>
            Count(connection, sql.Replace("$id", $"'{eventId}'", StringComparison.Ordinal));
        const string places = "SELECT COALESCE(SUM(quantity), 0) FROM bookings";
        return new Books(
            await Number("SELECT size FROM pools WHERE event_id = $id"),
            await Number("SELECT held FROM pools WHERE event_id = $id"),
            await Number("SELECT sold FROM pools WHERE event_id = $id"),
            await Number($"{places} WHERE event_id = $id AND status = 'confirmed'"),
            await Number($"{places} WHERE event_id = $id AND status = 'held'"),
            await Number("SELECT COUNT(*) FROM tickets WHERE event_id = $id AND status = 'valid'"),
            await Number("SELECT COUNT(*) FROM bookings WHERE event_id = $id"),
            await Number(
                """
                SELECT COUNT(*)
                FROM bookings b
                JOIN (
                    SELECT aggregate_id, COUNT(*) AS times
                    FROM outbox
                    WHERE type IN ('booking.confirmed', 'booking.held')
                    GROUP BY aggregate_id) o ON o.aggregate_id = CAST(b.id AS text)
                WHERE b.event_id = $id AND o.times = 1
                """));
    }

    /// <summary>Sold, tickets and bookings agree; each booking was announced once.</summary>
    public async Task<Books> Agrees(string eventId)
    {
        var books = await Of(eventId);
        Assert.Equal(books with
        {
            Sold = books.ConfirmedPlaces,
            Held = books.HeldPlaces,
            ValidTickets = books.ConfirmedPlaces,
            Announced = books.Bookings,
        }, books);
        Assert.InRange(books.Sold + books.Held, 0, books.Size);
        return books;
    }

    public async Task<long> Events(string name)
    {
        await using var connection = await Open("ticketing");
        return await Count(connection, $"SELECT COUNT(*) FROM events WHERE name = '{name}'");
    }

    public async Task<long> Accounts(string email)
    {
        await using var connection = await Open("identity");
        return await Count(connection, $"SELECT COUNT(*) FROM users WHERE email = '{email}'");
    }

    /// <summary>A kind that nobody runs.</summary>
    public const string JobKind = "test.nothing";

    /// <summary>Puts a job there that nobody runs; answers its id.</summary>
    public async Task<string> AddJob(string module, string state)
    {
        const string never = "2999-01-01T00:00:00.000000Z";
        var id = Guid.CreateVersion7().ToString();
        await using var connection = await Open(module);
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO jobs (id, kind, payload, state, due_at, attempts, created_at, finished_at)
            VALUES ('{id}', '{JobKind}', '', '{state}', '{never}', 6, '{never}',
                {(state == "dead" ? $"'{never}'" : "NULL")})
            """;
        await command.ExecuteNonQueryAsync();
        return id;
    }

    /// <summary>The active signing key of access tokens: its id and its sealed private part.</summary>
    public async Task<(string Kid, string SealedKey)> SigningKey()
    {
        await using var connection = await Open("identity");
        var kid = (string)(await Scalar(connection, "SELECT kid FROM signing_keys WHERE retired_at IS NULL"))!;
        return (kid, (string)(await Scalar(connection, $"SELECT private_key FROM signing_keys WHERE kid = '{kid}'"))!);
    }

    /// <summary>How many rows, such as <c>outbox WHERE sent_at IS NULL</c>.</summary>
    public async Task<long> Rows(string module, string from)
    {
        await using var connection = await Open(module);
        return await Count(connection, $"SELECT COUNT(*) FROM {from}");
    }

    /// <summary>A connection of the test's own.</summary>
    public async Task<DbConnection> Open(string module)
    {
        DbConnection connection = options.Provider == DatabaseProvider.Sqlite
            ? new SqliteConnection($"Data Source={Path.Combine(options.Path, $"{module}.db")};Pooling=false")
            : new NpgsqlConnection($"{options.Connection};Search Path={module};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task Execute(string module, string sql)
    {
        await using var connection = await Open(module);
        _ = await Scalar(connection, sql);
    }

    private static async Task<long> Count(DbConnection connection, string sql) =>
        Convert.ToInt64(await Scalar(connection, sql), CultureInfo.InvariantCulture);

    private static async Task<object?> Scalar(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}

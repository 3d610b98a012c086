using System.Data.Common;
using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>A request that takes too long, because the row it needs is another's.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Past_the_deadline_the_answer_is_504_and_the_statement_is_cancelled_in_the_database()
    {
        await using var installation = await Start();
        var eventId = await installation.Organizer.Publish(10);
        var buyer = await installation.Buyer();
        var booking = (await buyer.Book(eventId)).Is(201).Id;
        await using (var other = await Hold(installation, eventId))
        {
            var cancel = buyer.Delete($"/bookings/{booking}");
            await Poll.Until(async () => await Waiting(other) == 1, GoneWithin, "the statement to wait for the row");

            var late = (await cancel).IsProblem(504, "deadline_exceeded");
            Assert.Equal("nosniff", late.Header("X-Content-Type-Options"));
            await Poll.Until(async () => await Waiting(other) == 0, GoneWithin, "the statement to be gone");
        }

        Assert.Equal(1, (await installation.Ledger.Agrees(eventId)).Sold);
        (await buyer.Delete($"/bookings/{booking}")).Is(204);
    }

    [Fact]
    public async Task A_booking_past_the_deadline_may_be_sent_again_and_happens_once()
    {
        await using var installation = await Start();
        var eventId = await installation.Organizer.Publish(10);
        var buyer = await installation.Buyer();
        await using (await Hold(installation, eventId))
        {
            (await buyer.Book(eventId, 2, "late")).IsProblem(504, "deadline_exceeded");
        }

        (await buyer.Book(eventId, 2, "late")).Is(201);
        (await buyer.Book(eventId, 2, "late")).Is(201);
        Assert.Equal(2, (await installation.Ledger.Agrees(eventId)).Sold);
    }

    // A statement may take long, so that what ends it is the request's deadline.
    private static Task<Installation> Start() => Installation.Start(
        DatabaseProvider.Postgres,
        ("GATEHOUSE_HTTP__DEADLINESECONDS", "2"),
        ("GATEHOUSE_DATABASE__COMMANDSECONDS", "60"));

    /// <summary>Takes the row of the event's places until it is disposed.</summary>
    private static async Task<DbConnection> Hold(Installation installation, string eventId)
    {
        var connection = await installation.Ledger.Open("ticketing");
        await using var hold = connection.CreateCommand();
        hold.CommandText = $"BEGIN; SELECT sold FROM pools WHERE event_id = '{eventId}' FOR UPDATE";
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task<long> Waiting(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT COUNT(*)
            FROM pg_locks l
            JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE NOT l.granted AND a.application_name = 'gatehouse-ticketing' AND a.datname = current_database()
            """;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}

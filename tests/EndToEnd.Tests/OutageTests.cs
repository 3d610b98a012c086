using System.Diagnostics;
using System.Globalization;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The database goes away, or hangs, and comes back.</summary>
[Collection(Alone.Name)]
public sealed class OutageTests
{
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LiveWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_database_that_hangs_is_503_at_once_and_recovers_by_itself()
    {
        using var server = PostgresServer.StartDurable();
        await Outage(server, server.Pause, server.Resume);
    }

    [Fact]
    public async Task A_database_that_is_killed_is_503_at_once_and_recovers_by_itself()
    {
        using var server = PostgresServer.StartDurable();
        await Outage(server, server.Kill, server.Start);
    }

    private static async Task Outage(PostgresServer server, Action stop, Action start)
    {
        await using var installation = await Installation.Start(server, commandSeconds: 2);
        var buyers = await installation.Buyers(16);
        var eventId = await installation.Organizer.Publish(1_000);
        foreach (var answer in await Task.WhenAll(buyers.Select((buyer, i) => buyer.Book(eventId, 1, $"before-{i}"))))
        {
            answer.Is(201);
        }

        stop();
        try
        {
            await EveryCallIsRefusedInTime(installation, buyers, eventId);
        }
        finally
        {
            start();
        }

        await Poll.Until(
            async () => (await installation.Anyone.Get("/health/ready")).Status == 200, RecoversWithin,
                "/health/ready to be 200");
        // What was refused may be sent again with its key: it happens once, whether or not it had been committed.
        var again = await Task.WhenAll(buyers.Select((buyer, i) => buyer.Book(eventId, 1, $"during-{i}")));
        Assert.All(again, answer => answer.Is(201));
        Assert.Equal(2 * buyers.Count, (await installation.Ledger.Agrees(eventId)).Bookings);
    }

    private static async Task EveryCallIsRefusedInTime(
        Installation installation, IReadOnlyList<Api> buyers, string eventId)
    {
        var calls = buyers.Select((buyer, i) => Timed(buyer.Book(eventId, 1, $"during-{i}")))
            .Append(Timed(installation.Anyone.Get($"/events/{eventId}")))
            .Append(Timed(installation.Anyone.Get("/events")))
            .Append(Timed(buyers[0].Get("/bookings")))
            .Append(Timed(installation.Anyone.Post("/auth/login", Installation.Credentials("nobody@example.org"))))
            .ToArray();
        var ready = Timed(Down(installation));
        var refused = Task.WhenAll(calls);
        var slowestLive = TimeSpan.Zero;
        while (!refused.IsCompleted)
        {
            var (live, took) = await Timed(installation.Anyone.Get("/health/live"));
            live.Is(200);
            slowestLive = took > slowestLive ? took : slowestLive;
            await Task.WhenAny(refused, Task.Delay(20));
        }

        foreach (var (answer, took) in await refused)
        {
            answer.IsProblem(503, "database_unavailable");
            Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 10);
            Assert.True(took < RefusedWithin, $"It took {took}. {answer}");
        }

        var (down, readyTook) = await ready;
        Assert.Equal("down", down.Is(503)["status"]);
        Assert.True(readyTook < RefusedWithin, $"It took {readyTook}. {down}");
        Assert.True(slowestLive < LiveWithin, $"/health/live took {slowestLive}.");
    }

    // What was found a second before may be said once more.
    private static async Task<Answer> Down(Installation installation)
    {
        var answer = await installation.Anyone.Get("/health/ready");
        await Poll.Until(
            async () => answer.Status == 503 || (answer = await installation.Anyone.Get("/health/ready")).Status == 503,
            RefusedWithin,
            "/health/ready to be 503");
        return answer;
    }

    private static async Task<(Answer Answer, TimeSpan Took)> Timed(Task<Answer> call)
    {
        var watch = Stopwatch.StartNew();
        var answer = await call;
        return (answer, watch.Elapsed);
    }
}

using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class OutboxRelayTests
{
    [OnEveryDatabase]
    public async Task Each_aggregate_is_told_in_order_by_many_relays_that_fail_and_die(DatabaseProvider provider)
    {
        const int aggregates = 12;
        const int changes = 40;
        await using var ledger = await Ledger.Open(provider);
        var bus = new UnreliableBus();
        using var end = new CancellationTokenSource();
        var relays = Enumerable.Range(0, 4).Select(_ => DieAgainAndAgain(ledger, bus, end.Token)).ToList();

        await Parallel.ForAsync(0, aggregates * changes, new ParallelOptions { MaxDegreeOfParallelism = 12 }, (i, _) =>
            new ValueTask(ledger.Change($"a-{i % aggregates}", async _ =>
                // Between drawing a position and the commit: others commit higher positions first.
                await Task.Delay(Random.Shared.Next(5)))));
        await ledger.AllSent();
        await end.CancelAsync();
        await Task.WhenAll(relays);

        foreach (var told in bus.Delivered().GroupBy(e => e.AggregateId))
        {
            var first = told.DistinctBy(e => e.Id).Select(e => int.Parse(e.Payload, CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(1, changes), first);
        }

        Assert.Equal(aggregates, bus.Delivered().DistinctBy(e => e.AggregateId).Count());
    }

    [OnEveryDatabase]
    public async Task What_was_published_before_a_crash_comes_again_and_has_one_effect(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var inner = new InProcessBus([new Scribe()], ledger.Inbox(), TimeProvider.System);
        await using (inner)
        {
            var crashing = new CrashingBus(inner);
            await ledger.Change("a");
            var first = ledger.Relay(crashing, lease: TimeSpan.FromMilliseconds(500));
            await crashing.Published;
            await first.DisposeAsync();
            Assert.Equal(1, await ledger.Count("outbox WHERE sent_at IS NULL"));

            await using var second = ledger.Relay(inner);
            await ledger.AllSent();
        }

        Assert.Equal(1, await ledger.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task Relay_that_is_stopped_finishes_its_batch(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var bus = new HeldBus();
        await ledger.Change("a");
        await using var relay = ledger.Relay(bus);
        await bus.Reached;

        var stopped = relay.Stop();
        Assert.False(stopped.IsCompleted);
        bus.LetGo();
        await stopped;

        Assert.Equal(0, await ledger.Count("outbox WHERE sent_at IS NULL"));
    }

    [Fact]
    public async Task Relay_that_publishes_for_longer_than_its_lease_keeps_it()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var (slow, other) = (new HeldBus(), new UnreliableBus { FailureOneIn = int.MaxValue });
        await ledger.Change("a");
        await using var first = ledger.Relay(slow, lease: TimeSpan.FromMilliseconds(600));
        await slow.Reached;
        await using var second = ledger.Relay(other);
        var since = await Renewals(ledger);

        await Poll.Until(
            async () => await Renewals(ledger) > since.AddSeconds(1.5), TimeSpan.FromSeconds(10), "several renewals");
        slow.LetGo();
        await ledger.AllSent();

        Assert.Empty(other.Delivered());
    }

    [Fact]
    public async Task Shards_of_a_relay_that_died_are_taken_over_after_its_lease()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var held = new HeldBus();
        await ledger.Change("a");
        await using (ledger.Relay(held, lease: TimeSpan.FromSeconds(1)))
        {
            await held.Reached;
        }

        Assert.Equal(1, await ledger.Count("outbox_shards WHERE leased_until > clock_timestamp()"));
        await using var next = ledger.Relay(new UnreliableBus { FailureOneIn = int.MaxValue });
        await ledger.AllSent();
    }

    [OnEveryDatabase]
    public async Task Outage_of_the_bus_loses_nothing(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var bus = new UnreliableBus { FailureOneIn = 1 };
        await using var relay = ledger.Relay(bus);
        for (var i = 0; i < 20; i++)
        {
            await ledger.Change($"a-{i}");
        }

        await Poll.Until(() => bus.Failures > 3, TimeSpan.FromSeconds(10), "the bus to fail");
        Assert.Equal(20, await ledger.Count("outbox WHERE sent_at IS NULL"));
        bus.FailureOneIn = int.MaxValue;
        await ledger.AllSent();

        Assert.Equal(20, bus.Delivered().DistinctBy(e => e.Id).Count());
    }

    [OnEveryDatabase]
    public async Task Each_effect_happens_once_though_events_come_often_shuffled_and_everything_dies(
        DatabaseProvider provider)
    {
        const int events = 600;
        await using var ledger = await Ledger.Open(provider);
        var bus = new ShufflingBus(ledger.Inbox(), [new Scribe(), new Scribe("ledger.other")]);
        using var end = new CancellationTokenSource();
        var relays = Enumerable.Range(0, 2).Select(_ => DieAgainAndAgain(ledger, bus, end.Token)).ToList();

        await Parallel.ForAsync(0, events, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (i, _) =>
            new ValueTask(ledger.Change($"a-{i % 50}")));
        await ledger.AllSent();
        await end.CancelAsync();
        await Task.WhenAll(relays);

        Assert.Equal(2 * events, await ledger.Count("effects"));
        Assert.Equal(2 * events, await ledger.Count("(SELECT DISTINCT consumer, event_id FROM effects) AS e"));
    }

    private static async Task DieAgainAndAgain(Ledger ledger, IEventBus bus, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await using var relay = ledger.Relay(bus, lease: TimeSpan.FromMilliseconds(Random.Shared.Next(200, 600)));
            await Task.WhenAny(Task.Delay(Random.Shared.Next(50, 600), end));
        }
    }

    private static async Task<DateTimeOffset> Renewals(Ledger ledger) => Assert.Single(
        await ledger.Query<DateTimeOffset>("SELECT leased_until FROM outbox_shards WHERE owner IS NOT NULL"));
}

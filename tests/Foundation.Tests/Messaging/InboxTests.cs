using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class InboxTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [OnEveryDatabase]
    public async Task What_comes_again_has_no_second_effect(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var (inbox, scribe) = (ledger.Inbox(), new Scribe());
        var (first, second) = (ledger.Event(), ledger.Event());

        await inbox.Receive(scribe, [first, first], Never);
        await inbox.Receive(scribe, [second, first], Never);
        await inbox.Receive(new Scribe("ledger.other"), [first], Never);

        Assert.Equal(2, await ledger.Count("effects WHERE consumer = 'ledger.scribe'"));
        Assert.Equal(1, await ledger.Count("effects WHERE consumer = 'ledger.other'"));
        Assert.Equal(3, await ledger.Count("inbox WHERE state = 'done'"));
    }

    [OnEveryDatabase]
    public async Task Same_events_to_two_instances_at_once_have_one_effect_each(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var (inbox, scribe) = (ledger.Inbox(), new Scribe());
        var events = Enumerable.Range(0, 250).Select(_ => ledger.Event()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            inbox.Receive(scribe, [.. events.OrderBy(_ => Random.Shared.Next())], Never)));

        Assert.Equal(250, await ledger.Count("effects"));
        Assert.Equal(250, await ledger.Count("(SELECT DISTINCT event_id FROM effects) AS e"));
    }

    [OnEveryDatabase]
    public async Task One_that_fails_waits_and_the_others_have_their_effect(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var events = Enumerable.Range(0, 5).Select(_ => ledger.Event()).ToArray();
        var scribe = new Scribe
        {
            First = (e, _) => e == events[2]
                ? throw new InvalidOperationException("no\0 \ud800 way")
                : Task.CompletedTask,
        };

        await ledger.Inbox().Receive(scribe, events, Never);
        await ledger.Inbox().Receive(scribe, events, Never);

        Assert.Equal(4, await ledger.Count("effects"));
        Assert.Equal(1, await ledger.Count("inbox WHERE state = 'waiting' AND attempts = 1"));
        Assert.Contains("InvalidOperationException: no\ufffd \ufffd way", Assert.Single(await ledger.Query<string>(
            "SELECT error FROM inbox WHERE state = 'waiting'")), StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task One_that_hangs_is_left_and_what_stands_behind_it_is_taken_in(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var events = Enumerable.Range(0, 3).Select(_ => ledger.Event()).ToArray();
        var hung = new TaskCompletionSource();
        var scribe = new Scribe
        {
            First = (_, _) =>
            {
                hung.TrySetResult();
                return new TaskCompletionSource().Task;
            },
        };

        var received = ledger.Inbox().Receive(scribe, events, Never);
        await hung.Task;
        // The wait is set up after the call.
        await Poll.Until(
            () =>
            {
                ledger.Time.Advance(TimeSpan.FromSeconds(40));
                return received.IsCompleted;
            },
            TimeSpan.FromSeconds(10),
            "the inbox to go on");
        await received;

        Assert.Equal(3, await ledger.Count("inbox WHERE state = 'waiting' AND attempts = 0"));
        Assert.Equal(0, await ledger.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task Slow_consumer_gets_on_as_far_as_the_time_of_who_delivers(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var events = Enumerable.Range(0, 500).Select(_ => ledger.Event()).ToArray();
        var slow = new Scribe
        {
            First = (_, _) =>
            {
                ledger.Time.Advance(TimeSpan.FromSeconds(0.2));
                return Task.CompletedTask;
            },
        };

        await ledger.Inbox().Receive(slow, events, Never);

        Assert.Equal(200, await ledger.Count("effects"));
        Assert.Equal(300, await ledger.Count("inbox WHERE state = 'waiting' AND attempts = 0"));
    }

    [OnEveryDatabase]
    public async Task Cancelled_receipt_leaves_nothing_and_may_be_repeated(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var events = Enumerable.Range(0, 3).Select(_ => ledger.Event()).ToArray();
        using var cancelled = new CancellationTokenSource();
        var scribe = new Scribe
        {
            First = (e, _) => e == events[2] ? cancelled.CancelAsync() : Task.CompletedTask,
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ledger.Inbox().Receive(scribe, events, cancelled.Token));
        Assert.Equal(0, await ledger.Count("inbox"));
        await ledger.Inbox().Receive(new Scribe(), events, Never);

        Assert.Equal(3, await ledger.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task What_is_no_event_of_the_consumer_is_a_dead_letter_once(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var foreign = ledger.Event() with { Payload = "\0 not JSON" };

        await ledger.Inbox().Bury(new Scribe(), foreign, "It is not JSON.", Never);
        await ledger.Inbox().Bury(new Scribe(), foreign, "It is not JSON.", Never);
        await ledger.Inbox().Receive(new Scribe(), [foreign], Never);

        Assert.Equal(1, await ledger.Count("inbox WHERE state = 'dead' AND error = 'It is not JSON.'"));
        Assert.Equal(0, await ledger.Count("effects"));
    }

    [Fact]
    public async Task Batch_that_a_deadlock_ended_is_tried_together_again()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        await ledger.Execute("INSERT INTO counters (aggregate, number) VALUES ('a', 0), ('b', 0)");
        var crossing = new Crossing();
        ReceivedEvent[] there = [ledger.Event() with { AggregateId = "a" }, ledger.Event() with { AggregateId = "b" }];
        ReceivedEvent[] back = [ledger.Event() with { AggregateId = "b" }, ledger.Event() with { AggregateId = "a" }];

        await Task.WhenAll(
            ledger.Inbox().Receive(crossing, there, Never), ledger.Inbox().Receive(crossing, back, Never));

        Assert.Equal((3, 0), (crossing.Together, crossing.OneByOne));
        Assert.Equal(4, await ledger.Count("inbox WHERE state = 'done'"));
        Assert.Equal([2, 2], await ledger.Query<int>("SELECT number FROM counters"));
    }

    /// <summary>Locks what its first event is about, and goes on when another has locked its own.</summary>
    private sealed class Crossing : IEventConsumer
    {
        private readonly TaskCompletionSource met = new();
        private int together;
        private int oneByOne;

        public string Name => "ledger.crossing";

        public string Module => Ledger.Module;

        public IReadOnlyList<string> Types => ["*"];

        public int Together => together;

        public int OneByOne => oneByOne;

        public Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
        {
            Interlocked.Increment(ref oneByOne);
            return Count(unit, received);
        }

        public async Task ConsumeTogether(
            UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation)
        {
            await Count(unit, received[0]);
            if (Interlocked.Increment(ref together) >= 2)
            {
                met.TrySetResult();
            }

            await met.Task.WaitAsync(cancellation);
            await Count(unit, received[1]);
        }

        private static Task<int> Count(UnitOfWork unit, ReceivedEvent received) => unit.Execute(
            "UPDATE counters SET number = number + 1 WHERE aggregate = @AggregateId", received);
    }
}

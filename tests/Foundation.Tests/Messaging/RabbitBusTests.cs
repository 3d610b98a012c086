using System.Text;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Messaging.Rabbit;
using Gatehouse.Testing;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class RabbitBusTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_effect_happens_once_though_events_repeat_and_relays_and_consumers_die()
    {
        var events = 2_000 * Repeats.Of(1);
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var rig = new RabbitRig(RabbitServer.Shared, ledger, new Scribe(), new Scribe("ledger.other"));
        using var end = new CancellationTokenSource();
        var dying = Enumerable.Range(0, 2).SelectMany(_ => new[]
        {
            DieAgainAndAgain(rig.Consume, end.Token),
            DieAgainAndAgain(() => new RelayOnRabbit(ledger, rig.Bus()), end.Token),
        });
        var running = Task.WhenAll([.. dying]);

        for (var i = 0; i < events / 100; i++)
        {
            await using var unit = await ledger.Database.Begin(Never);
            await Outbox.Add(unit, [.. Enumerable.Range(0, 100).Select(n => Ledger.Counted($"a-{n}", i))]);
            await unit.Commit();
        }

        await Poll.Until(
            async () => await ledger.Count("effects") >= 2 * events, TimeSpan.FromSeconds(120), "every effect");
        await ledger.AllSent();
        await end.CancelAsync();
        await running;

        Assert.Equal(2 * events, await ledger.Count("effects"));
        Assert.Equal(2 * events, await ledger.Count("(SELECT DISTINCT consumer, event_id FROM effects) AS e"));
    }

    [Fact]
    public async Task What_is_published_through_a_broker_that_hangs_and_then_dies_arrives()
    {
        using var server = RabbitServer.StartOwn();
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var rig = new RabbitRig(server, ledger, new Scribe());
        var bus = rig.Bus();
        await using var consumers = rig.Consume();
        await using var relay = new RelayOnRabbit(ledger, bus);
        using var end = new CancellationTokenSource();
        var changing = ChangeUntil(ledger, end.Token);
        await Arrived(ledger, 100);

        server.Pause();
        // It may arrive all the same, later.
        await Assert.ThrowsAnyAsync<Exception>(() => bus.Publish([ledger.Event()], Never));
        server.Resume();
        await Arrived(ledger, await ledger.Count("outbox"));

        server.Kill();
        await Poll.Until(async () => await ledger.Count("outbox WHERE sent_at IS NULL") > 50, Soon, "unsent events");
        server.Start();
        await end.CancelAsync();
        await changing;

        await Poll.Until(
            async () => await ledger.Count("outbox WHERE id NOT IN (SELECT event_id FROM effects)") == 0,
            // By then a consumer may wait for half a minute before it connects again.
            TimeSpan.FromSeconds(90),
            "the effect of each");
        Assert.Equal(
            await ledger.Count("effects"), await ledger.Count("(SELECT DISTINCT event_id FROM effects) AS e"));
    }

    [Fact]
    public async Task A_consumer_gets_what_it_asks_for_and_nothing_else()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var rig = new RabbitRig(
            RabbitServer.Shared,
            ledger,
            new Scribe("ledger.one") { Types = ["booking.confirmed"] },
            new Scribe("ledger.word") { Types = ["booking.*"] },
            new Scribe("ledger.all"));
        await using var consumers = rig.Consume();
        await using var bus = rig.Bus();
        string[] types = ["booking.confirmed", "booking.cancelled", "booking.seat.moved", "booking", "user.registered"];

        await bus.Publish([.. types.Select(type => ledger.Event(type))], Never);

        await Poll.Until(async () => await ledger.Count("effects") >= 9, Soon, "nine effects");
        Assert.Equal(1, await ledger.Count("effects WHERE consumer = 'ledger.one'"));
        Assert.Equal(3, await ledger.Count("effects WHERE consumer = 'ledger.word'"));
        Assert.Equal(5, await ledger.Count("effects WHERE consumer = 'ledger.all'"));
    }

    [Fact]
    public async Task What_cannot_be_read_or_kills_its_readers_is_a_dead_letter_and_the_rest_goes_on()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var scribe = new Scribe();
        var rig = new RabbitRig(RabbitServer.Shared, ledger, scribe);
        await using var bus = rig.Bus();
        var poison = ledger.Event();
        await bus.Publish([poison], Never);
        await using var connection = await rig.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await GiveBackAgainAndAgain(channel, rig.Topology.Queue(scribe));

        var good = ledger.Event();
        var broken = Encoding.UTF8.GetBytes("{\"quantity\": 1");
        await channel.BasicPublishAsync(
            rig.Topology.Events, "booking.confirmed", mandatory: false, RabbitMessage.Properties(good), broken);
        // Another event, broken alike.
        var other = RabbitMessage.Properties(ledger.Event());
        await channel.BasicPublishAsync(rig.Topology.Events, "booking.confirmed", mandatory: false, other, broken);
        await channel.BasicPublishAsync(rig.Topology.Events, "anything", body: new byte[] { 0xff, 0x00 });
        await bus.Publish([good], Never);
        await using var consumers = rig.Consume();

        await Poll.Until(async () => await ledger.Count("inbox WHERE state = 'dead'") == 4, Soon, "the dead letters");
        await Poll.Until(async () => await ledger.Count("effects") == 1, Soon, "the effect of the good one");
        var told = await ledger.Query<string>("SELECT error FROM inbox WHERE state = 'dead' ORDER BY error");
        Assert.Collection(
            told,
            error => Assert.StartsWith("It was given out 20 times", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Its body is not JSON", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Its body is not JSON", error, StringComparison.Ordinal),
            error => Assert.StartsWith("Its message-id is not a UUID", error, StringComparison.Ordinal));
        Assert.Equal(1, await ledger.Count($"inbox WHERE state = 'dead' AND event_id = '{poison.Id}'"));
    }

    [Fact]
    public async Task A_queue_made_with_other_arguments_is_used_as_it_is()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var scribe = new Scribe();
        var rig = new RabbitRig(RabbitServer.Shared, ledger, scribe);
        await using var connection = await rig.Connect();
        await using var channel = await connection.CreateChannelAsync();
        var queue = rig.Topology.Queue(scribe);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        var kept = ledger.Event();
        await channel.BasicPublishAsync(
            "", queue, mandatory: true, RabbitMessage.Properties(kept), RabbitMessage.Body(kept));
        await using var consumers = rig.Consume();
        await using var bus = rig.Bus();

        await bus.Publish([ledger.Event()], Never);

        await Poll.Until(async () => await ledger.Count("effects") == 2, Soon, "what was in it and what is new");
    }

    [Fact]
    public async Task A_queue_that_is_refused_stops_its_consumer_and_nobody_else()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var stopped = new Scribe("ledger.stopped");
        var rig = new RabbitRig(RabbitServer.Shared, ledger, stopped, new Scribe());
        await using var connection = await rig.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(
            rig.Topology.Queue(stopped), durable: true, exclusive: true, autoDelete: false);
        await using var consumers = rig.Consume();
        await using var bus = rig.Bus();

        await bus.Publish([ledger.Event()], Never);
        await Poll.Until(async () => await ledger.Count("effects") == 1, Soon, "the effect of the other");
        await channel.QueueDeleteAsync(rig.Topology.Queue(stopped));
        await Poll.Until(
            async () =>
            {
                // Until the queue is there anew, the events are nobody's.
                await bus.Publish([ledger.Event()], Never);
                return await ledger.Count("effects WHERE consumer = 'ledger.stopped'") > 0;
            },
            Soon,
            "the consumer to come back");
    }

    [Fact]
    public async Task What_is_published_while_a_queue_is_missing_gets_to_its_consumer()
    {
        await using var ledger = await Ledger.Open(DatabaseProvider.Postgres);
        var scribe = new Scribe();
        var rig = new RabbitRig(RabbitServer.Shared, ledger, scribe, new Scribe("ledger.other"));
        await using var connection = await rig.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await using var bus = rig.Bus();
        await bus.Publish([ledger.Event()], Never);

        await channel.QueueDeleteAsync(rig.Topology.Queue(scribe));
        await bus.Publish([.. Enumerable.Range(0, 20).Select(_ => ledger.Event())], Never);
        await using var consumers = rig.Consume();
        await Poll.Until(async () => await ledger.Count("effects") == 21 + 20, Soon, "all but what was in the queue");

        await channel.QueueDeleteAsync(rig.Topology.Queue(scribe));
        await bus.Publish([.. Enumerable.Range(0, 20).Select(_ => ledger.Event())], Never);
        await Poll.Until(async () => await ledger.Count("effects") == 41 + 40, Soon, "what came while it was attended");
        Assert.Equal(0, await ledger.Count("inbox WHERE state = 'dead'"));
    }

    private static async Task DieAgainAndAgain<T>(Func<T> start, CancellationToken end)
        where T : IAsyncDisposable
    {
        while (!end.IsCancellationRequested)
        {
            await using var running = start();
            await Task.WhenAny(Task.Delay(Random.Shared.Next(200, 2_000), end));
        }
    }

    private static async Task ChangeUntil(Ledger ledger, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            await ledger.Change($"a-{i % 10}");
        }
    }

    private static Task Arrived(Ledger ledger, long count) => Poll.Until(
        async () => await ledger.Count("effects") >= count, TimeSpan.FromSeconds(60), $"{count} effects");

    private static async Task GiveBackAgainAndAgain(IChannel channel, string queue)
    {
        for (var i = 0; i <= RabbitTopology.DeliveriesMax; i++)
        {
            BasicGetResult? given = null;
            await Poll.Until(
                async () => (given = await channel.BasicGetAsync(queue, autoAck: false)) is not null,
                Soon,
                "the message to come again");
            await channel.BasicNackAsync(given!.DeliveryTag, multiple: false, requeue: true);
        }
    }

    /// <summary>A relay, and the bus that goes with it.</summary>
    private sealed class RelayOnRabbit(Ledger ledger, RabbitBus bus) : IAsyncDisposable
    {
        private readonly RunningLoop relay = ledger.Relay(new RepeatingBus(bus), TimeSpan.FromSeconds(1));

        public async ValueTask DisposeAsync()
        {
            await relay.DisposeAsync();
            await bus.DisposeAsync();
        }
    }
}

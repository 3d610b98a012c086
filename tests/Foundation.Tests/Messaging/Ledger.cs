using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Messaging;

/// <summary>
/// A module's database with the tables of every module, and a table in which consumers leave their effects.
/// </summary>
internal sealed class Ledger : IAsyncDisposable
{
    public const string Module = "ledger";

    private readonly TestDatabase test;

    private Ledger(TestDatabase test)
    {
        this.test = test;
        Database = DataRegistration.Open(Module, test.Options);
    }

    public Database Database { get; }

    public ManualTime Time { get; } = new();

    public IReadOnlyList<MigratedDatabase> Databases => [new(Database, typeof(Ledger).Assembly)];

    public static async Task<Ledger> Open(DatabaseProvider provider)
    {
        var ledger = new Ledger(TestDatabase.Create(provider));
        await new Migrator(ledger.Databases, TimeProvider.System, NullLogger<Migrator>.Instance)
            .Up(null, CancellationToken.None);
        // No key: an effect that happened twice is seen.
        await ledger.Execute("CREATE TABLE effects (consumer text NOT NULL, event_id uuid NOT NULL)");
        await ledger.Execute("CREATE TABLE counters (aggregate text PRIMARY KEY, number integer NOT NULL)");
        return ledger;
    }

    public Inbox Inbox() => new(Databases, Time, NullLogger<Inbox>.Instance);

    public DeadLetters Letters(params IReadOnlyList<IEventConsumer> consumers) =>
        new(Databases, consumers, new AuditLog(Time), Time);

    public RunningLoop Retries(IEventConsumer consumer)
    {
        var retries = new InboxRetries(consumer, Database, Time, NullLogger<InboxRetries>.Instance);
        return new RunningLoop(retries.Run);
    }

    /// <summary>Lets the time pass, and on in steps of a quarter second until the condition holds.</summary>
    public async Task Passes(TimeSpan time, Func<Task<bool>> condition)
    {
        Time.Advance(time);
        await Poll.Until(
            async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(0.25));
                return await condition();
            },
            TimeSpan.FromSeconds(10),
            "what should have come of it");
    }

    /// <summary>A relay that runs, on the clock of the machine.</summary>
    public RunningLoop Relay(IEventBus bus, TimeSpan? lease = null)
    {
        var queue = new OutboxQueue(Database, TimeProvider.System, lease ?? TimeSpan.FromSeconds(10));
        return new RunningLoop(
            new OutboxRelay(Database, queue, bus, TimeProvider.System, NullLogger<OutboxRelay>.Instance).Run);
    }

    /// <summary>One change of an aggregate: takes its lock, and tells of it as its next number.</summary>
    public async Task Change(string aggregate, Func<UnitOfWork, Task>? beforeCommit = null)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        var number = await unit.QueryFirst<int>(
            """
            INSERT INTO counters (aggregate, number)
            VALUES (@aggregate, 1)
            ON CONFLICT (aggregate) DO UPDATE SET number = counters.number + 1
            RETURNING number
            """,
            new { aggregate });
        var now = TimeProvider.System.Now();
        await Outbox.Add(unit, new CountedEvent(Ids.New(now), now, aggregate, number));
        await (beforeCommit?.Invoke(unit) ?? Task.CompletedTask);
        await unit.Commit();
    }

    public Task AllSent() => Poll.Until(
        async () => await Count("outbox WHERE sent_at IS NULL") == 0, TimeSpan.FromSeconds(30), "an empty outbox");

    public static CountedEvent Counted(string aggregate, int number)
    {
        var now = TimeProvider.System.Now();
        return new CountedEvent(Ids.New(now), now, aggregate, number);
    }

    public ReceivedEvent Event(string type = "booking.confirmed") =>
        new(Ids.New(Time.Now()), type, "b-1", Time.Now(), """{"quantity":1}""");

    public async Task Execute(string sql, object? args = null)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        await unit.Execute(sql, args);
        await unit.Commit();
    }

    public async Task<long> Count(string from)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<long>($"SELECT COUNT(*) FROM {from}");
    }

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.Query<T>(sql, args);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await test.DisposeAsync();
    }
}

/// <summary>A relay or the retries, running.</summary>
internal sealed class RunningLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource deadline = new();
    private readonly Task running;

    public RunningLoop(Func<CancellationToken, CancellationToken, Task> run) =>
        running = Task.Run(() => run(stopping.Token, deadline.Token));

    /// <summary>In the middle of whatever it does, as a crash would.</summary>
    public async Task Kill()
    {
        await stopping.CancelAsync();
        await deadline.CancelAsync();
        await Task.WhenAny(running);
    }

    /// <summary>After the batch in hand.</summary>
    public async Task Stop()
    {
        await stopping.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        stopping.Dispose();
        deadline.Dispose();
    }
}

internal sealed record CountedEvent(Guid Id, DateTimeOffset OccurredAt, string Aggregate, int Number)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "counter.changed";

    public override string AggregateId => Aggregate;

    public override string ToJson() => $"{Number}";
}

/// <summary>Leaves a row for each event, after whatever a test has it do first.</summary>
internal sealed class Scribe(string name = "ledger.scribe") : IEventConsumer
{
    public string Name => name;

    public string Module => Ledger.Module;

    public IReadOnlyList<string> Types { get; init; } = ["*"];

    /// <summary>Before the effect; what it throws is the consumer's failure.</summary>
    public Func<ReceivedEvent, CancellationToken, Task> First { get; set; } = (_, _) => Task.CompletedTask;

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        await First(received, cancellation);
        await unit.Execute(
            "INSERT INTO effects (consumer, event_id) VALUES (@name, @id)", new { name, id = received.Id });
    }
}

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
        return ledger;
    }

    public Inbox Inbox() => new(Databases, Time, NullLogger<Inbox>.Instance);

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

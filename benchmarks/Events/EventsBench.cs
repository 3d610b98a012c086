using System.Diagnostics;
using Gatehouse.Bench.Booking;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RabbitMQ.Client;

namespace Gatehouse.Bench.Events;

/// <summary>
/// Integration events from a full outbox through relay, RabbitMQ and inbox to effects in PostgreSQL: by two processes
/// that are left alone, then by two that are killed again and again while every event comes one to three times. Before
/// and after, the client library alone.
/// </summary>
internal sealed class EventsBench(PostgresServer server, RabbitServer broker, IReadOnlyList<IntegrationEvent> events)
{
    private const int Aggregates = 1_000;

    public static async Task<int> Run(int count)
    {
        using var server = PostgresServer.StartDurable();
        using var broker = RabbitServer.StartOwn();
        var machine = Machine.Describe(await VersionOf(server));
        Console.WriteLine(
            $"""
            {machine.Cores} cores of {machine.Processor}, .NET {machine.DotNet}
            PostgreSQL {machine.Postgres} with fsync on, RabbitMQ
            {count:N0} events, 2 processes, quorum queue, confirms in batches of 500, prefetch 500

            """);
        var bench = new EventsBench(server, broker, [.. Enumerable.Range(0, count).Select(Event)]);
        var before = await bench.Raw("before");
        var calm = await bench.Turn(copiesMax: 1, kill: false);
        var rough = await bench.Turn(copiesMax: 3, kill: true);
        var after = await bench.Raw("after");
        var report = new EventsReport(
            TimeProvider.System.GetUtcNow(), machine, count, calm, rough, [before, after]);
        Console.WriteLine(
            $"""

            raw       {report.RawMean:N0} messages/s by RabbitMQ.Client alone
            left      {calm.PerSecond:N0} events/s: {report.CalmRatio:N2} of raw
            killed    {rough.PerSecond:N0} events/s: {report.RoughRatio:N2} of raw, each event delivered 1 to 3 times
            checked   effects exactly once: {calm.Effects:N0} of {calm.Distinct:N0} events,
                      killed {rough.Effects:N0} of {rough.Distinct:N0} events
            written   {await Results.Write("events", report)}
            """);
        if (report.CalmRatio < EventsReport.RatioMin)
        {
            Console.Error.WriteLine(
                $"bench: {report.CalmRatio:N2} of raw is less than {EventsReport.RatioMin:N1}: was the machine busy?");
            return 1;
        }

        return calm.IsExact(count) && rough.IsExact(count) ? 0 : 1;
    }

    private async Task<double> Raw(string queue)
    {
        var rate = await RawPeer.Run(broker.Address, queue, [.. events.Select(e =>
            new ReceivedEvent(e.Id, e.Type, e.AggregateId, e.OccurredAt, e.ToJson()))]);
        Console.WriteLine($"raw {queue,-6}  {rate,8:N0} messages/s");
        return rate;
    }

    private async Task<EventsTurn> Turn(int copiesMax, bool kill)
    {
        var connection = server.CreateDatabase();
        var prefix = broker.NewPrefix();
        await using var database = DataRegistration.Open(EventInstance.Module, EventInstance.Options(connection));
        await Fill(database);
        using var instances = new EventInstances(
            () => EventInstance.Start(connection, broker.Address, prefix, copiesMax));
        var rate = await Race(database, instances, kill);
        // What is still on its way are copies: were one of them to count, it would be seen.
        await Drained(database, $"{prefix}.bench.effects");
        var turn = new EventsTurn(
            await Count(database, "effects"),
            await Count(database, "(SELECT DISTINCT event_id FROM effects) AS e"),
            rate,
            instances.Kills);
        Console.WriteLine(
            $"{(kill ? "killed" : "left"),-10}  {turn.PerSecond,8:N0} events/s, {turn.Kills} processes killed, " +
            $"{turn.Effects:N0} effects of {turn.Distinct:N0} events");
        return turn;
    }

    /// <summary>Effects a second, from the first to the last: how long a process takes to start is not asked.</summary>
    private async Task<double> Race(Database database, EventInstances instances, bool kill)
    {
        long first;
        while ((first = await Count(database, "effects")) == 0)
        {
            instances.ThrowIfEnded();
            await Task.Delay(10);
        }

        var started = Stopwatch.GetTimestamp();
        var nextKill = KillAfter();
        while (await Count(database, "effects") < events.Count)
        {
            instances.ThrowIfEnded();
            if (kill && Stopwatch.GetElapsedTime(started) > nextKill)
            {
                instances.KillOne();
                nextKill += KillAfter();
            }

            await Task.Delay(50);
        }

        return (events.Count - first) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static TimeSpan KillAfter() => TimeSpan.FromSeconds(2 + (6 * Random.Shared.NextDouble()));

    private async Task Fill(Database database)
    {
        await new Migrator(
            [new MigratedDatabase(database, typeof(EventsBench).Assembly)],
            TimeProvider.System,
            NullLogger<Migrator>.Instance).Up(null, CancellationToken.None);
        await using var unit = await database.Begin(CancellationToken.None);
        await unit.Execute("CREATE TABLE effects (event_id uuid NOT NULL)");
        foreach (var some in events.Chunk(1_000))
        {
            await Outbox.Add(unit, some);
        }

        await unit.Commit();
    }

    private async Task Drained(Database database, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await Poll.Until(
            async () => await Count(database, "outbox WHERE sent_at IS NULL") == 0 &&
                (await channel.QueueDeclarePassiveAsync(queue)).MessageCount == 0,
            TimeSpan.FromMinutes(5),
            "an empty outbox and queue");
    }

    private static async Task<long> Count(Database database, string from)
    {
        await using var session = await database.Read(CancellationToken.None);
        return await session.QueryFirst<long>($"SELECT COUNT(*) FROM {from}");
    }

    private static async Task<string> VersionOf(PostgresServer server)
    {
        await using var database = NpgsqlDataSource.Create(server.CreateDatabase());
        await using var command = database.CreateCommand("SHOW server_version");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static BookingConfirmedEvent Event(int number) => new(
        Guid.CreateVersion7(),
        TimeProvider.System.GetUtcNow(),
        new Guid(number % Aggregates, 7, 7, 8, 0, 0, 0, 0, 0, 0, 0),
        Guid.CreateVersion7(),
        Guid.CreateVersion7(),
        Quantity: 1,
        Total: 0,
        "EUR",
        "ABCDEFGHJK",
        ["ABCDEFGHJKLMNPQRSTUVWXYZ23"]);
}

using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;
using Gatehouse.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Gatehouse.Bench.Outage;

/// <summary>Bookings over HTTP while the broker is up, then killed, then back: what buyers notice of it.</summary>
internal sealed class OutageBench(BoxOffice office, NpgsqlDataSource database, int connections)
{
    private const int Created = 201;
    private const double SlowdownMax = 1.2;
    private const string Witness = "witness";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task<int> Run(TimeSpan down, int connections)
    {
        using var server = PostgresServer.StartDurable();
        using var broker = RabbitServer.StartOwn();
        await using var database = NpgsqlDataSource.Create(server.CreateDatabase());
        await BindWitness(broker);
        // Apart from who would consume: the queue of the witness stands for them.
        using var office = await BoxOffice.Open(
            database.ConnectionString,
            ("GATEHOUSE_MODULES", "identity,ticketing"),
            ("GATEHOUSE_BROKER__CONNECTION", broker.Address.ToString()));
        await office.Register();
        Console.WriteLine(
            $"Bookings at one event, {connections} connections; the broker is down for {down.TotalSeconds} s\n");

        var bench = new OutageBench(office, database, connections);
        var before = await bench.Phase("up", TimeSpan.FromSeconds(20));
        broker.Kill();
        var during = await bench.Phase("down", down);
        broker.Start();
        var after = await bench.Phase("up again", TimeSpan.FromSeconds(20));
        var (published, arrived) = await bench.Arrived(broker);

        var up = (before.P50Ms + after.P50Ms) / 2;
        var report = new OutageReport(
            TimeProvider.System.GetUtcNow(),
            down.TotalSeconds,
            [before, during, after],
            during.P50Ms / up,
            published,
            arrived);
        Console.WriteLine(
            $"""

            median    {report.Slowdown:N2} of what it is with the broker up (at most {SlowdownMax:N1})
            failed    {report.Phases.Sum(phase => phase.Failed):N0}
            arrived   {arrived:N0} of {published:N0} events
            written   {await Results.Write("outage", report)}
            """);
        return report.Phases.All(phase => phase.Failed == 0) && arrived == published && report.Slowdown <= SlowdownMax
            ? 0
            : 1;
    }

    private async Task<OutagePhase> Phase(string name, TimeSpan counted)
    {
        var requests = await office.BookingRequests(await office.Publish(name));
        var load = ClosedLoop.Run(office.Endpoint, requests, connections, Created, WarmUp, counted - WarmUp);
        var phase = new OutagePhase(
            name, load.PerSecond, load.Percentile(0.5), load.Percentile(0.99), load.MaxMs, load.Refused);
        Console.WriteLine(
            $"{name,-10} {phase.PerSecond,8:N0}/s   p50 {phase.P50Ms,6:N1} ms   p99 {phase.P99Ms,6:N1} ms   " +
            $"max {phase.MaxMs,7:N1} ms   {phase.Failed} failed   {load.FirstRefusal}");
        return phase;
    }

    /// <summary>How many events were committed, and how many of them the queue has got.</summary>
    private async Task<(long Published, long Arrived)> Arrived(RabbitServer broker)
    {
        await Poll.Until(
            async () => await Count("SELECT COUNT(*) FROM ticketing.outbox WHERE sent_at IS NULL") == 0,
            TimeSpan.FromMinutes(5),
            "an empty outbox");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(Witness, autoAck: true) is { } message)
        {
            // The accounts of the load are told of as well, and are no bookings.
            if (!message.RoutingKey.StartsWith("user.", StringComparison.Ordinal))
            {
                seen.Add(message.BasicProperties.MessageId!);
            }
        }

        return (await Count("SELECT COUNT(*) FROM ticketing.outbox"), seen.Count);
    }

    private async Task<long> Count(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task BindWitness(RabbitServer broker)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync("gatehouse.events", ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync(Witness, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(Witness, "gatehouse.events", "#");
    }
}

/// <summary>What <c>benchmarks/results/outage.json</c> holds.</summary>
/// <param name="Slowdown">Median latency with the broker down, by that with it up.</param>
internal sealed record OutageReport(
    DateTimeOffset MeasuredAt,
    double DownSeconds,
    IReadOnlyList<OutagePhase> Phases,
    double Slowdown,
    long EventsPublished,
    long EventsArrived);

internal sealed record OutagePhase(
    string Name, double PerSecond, double P50Ms, double P99Ms, double MaxMs, long Failed);

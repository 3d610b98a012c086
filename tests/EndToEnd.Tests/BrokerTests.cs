using Gatehouse.Foundation.Data;
using Gatehouse.Testing;
using RabbitMQ.Client;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Two instances on PostgreSQL and RabbitMQ, and the broker goes away.</summary>
[Collection(Alone.Name)]
public sealed class BrokerTests
{
    private const string Witness = "witness";
    private const int BookingsEach = 5;

    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Broker_that_dies_under_bookings_fails_none_and_every_event_arrives_after()
    {
        using var broker = RabbitServer.StartOwn();
        await BindWitness(broker);
        await using var installation = await Installation.Start(
            DatabaseProvider.Postgres,
            ("GATEHOUSE_BROKER__CONNECTION", broker.Address.ToString()),
            ("GATEHOUSE_RESILIENCE__OPENSECONDS", "1"));
        var buyers = await installation.Buyers(16);
        var eventId = await installation.Organizer.Publish(10_000);
        await BookAll(buyers, eventId);
        Assert.Equal("up", await BrokerHealth(installation));

        broker.Kill();
        // It starts without the broker too.
        using var other = await installation.StartAnother();
        await BookAll([.. buyers, .. buyers.Select(buyer => buyer with { Http = other.Client })], eventId);
        (await installation.Anyone.Get("/health/ready")).Is(200);
        Assert.Equal("down", await BrokerHealth(installation));
        broker.Start();

        var booked = (await installation.Ledger.Agrees(eventId)).Bookings;
        Assert.Equal(3 * BookingsEach * buyers.Count, booked);
        var seen = new HashSet<Guid>();
        await Poll.Until(
            async () =>
            {
                await Collect(broker, seen);
                return (await Published(installation)).IsSubsetOf(seen);
            },
            ArrivesWithin,
            "every event to arrive");
        Assert.True(seen.Count >= booked, $"{seen.Count} events of {booked} bookings.");
    }

    private static async Task BookAll(IReadOnlyList<Api> buyers, string eventId)
    {
        var answers = await Task.WhenAll(buyers.Select(async buyer =>
        {
            var its = new List<Answer>();
            for (var i = 0; i < BookingsEach; i++)
            {
                its.Add(await buyer.Book(eventId));
            }

            return its;
        }));
        Assert.All(answers.SelectMany(a => a), answer => answer.Is(201));
    }

    private static async Task<string> BrokerHealth(Installation installation) =>
        (await installation.Anyone.Get("/health")).Is(200).Json
            .GetProperty("components").GetProperty("broker").GetProperty("status").GetString()!;

    /// <summary>A queue past the program's own that gets all it publishes.</summary>
    private static async Task BindWitness(RabbitServer broker)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync("gatehouse.events", ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync(Witness, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(Witness, "gatehouse.events", "#");
    }

    private static async Task Collect(RabbitServer broker, HashSet<Guid> seen)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(Witness, autoAck: true) is { } message)
        {
            seen.Add(Guid.Parse(message.BasicProperties.MessageId!));
        }
    }

    private static async Task<HashSet<Guid>> Published(Installation installation)
    {
        await using var connection = await installation.Ledger.Open("ticketing");
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM outbox";
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}

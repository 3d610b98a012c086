using System.Text;
using RabbitMQ.Client;

namespace Gatehouse.Testing.Tests;

public sealed class RabbitServerTests
{
    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static readonly BasicProperties Persistent = new() { Persistent = true };

    [Fact]
    public async Task It_keeps_a_confirmed_message_through_a_kill_and_answers_nothing_while_it_is_paused()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var server = RabbitServer.StartOwn();
        await using (var connection = await Connect(server))
        await using (var channel = await connection.CreateChannelAsync(Confirmed, cancellation))
        {
            await channel.QueueDeclareAsync(
                "kept", durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellation);
            await channel.BasicPublishAsync(
                "", "kept", mandatory: true, Persistent, "seven"u8.ToArray(), cancellation);

            server.Kill();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => Connect(server));
        server.Start();

        await using var again = await Connect(server);
        await using var reader = await again.CreateChannelAsync(cancellationToken: cancellation);
        server.Pause();
        var message = reader.BasicGetAsync("kept", autoAck: true, cancellation);
        await Assert.ThrowsAsync<TimeoutException>(() => Connect(server));
        Assert.False(message.IsCompleted);

        server.Resume();
        var kept = await message.WaitAsync(TimeSpan.FromSeconds(10), cancellation);
        Assert.Equal("seven", Encoding.UTF8.GetString(kept!.Body.Span));
    }

    // The client waits for the greeting of a server that hangs without a limit of its own.
    private static Task<IConnection> Connect(RabbitServer server) =>
        new ConnectionFactory { Uri = server.Address, AutomaticRecoveryEnabled = false }
            .CreateConnectionAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
}

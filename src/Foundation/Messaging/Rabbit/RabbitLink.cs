using System.Collections.Concurrent;
using System.Net.Security;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// One connection to the broker, whole or given up: nothing in it recovers by itself. It owns its socket, since the
/// client waits for a broker that hangs without an end, and closing the socket is what ends that.
/// </summary>
internal sealed class RabbitLink : IAsyncDisposable
{
    // A broker that says nothing for twice as long is gone.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(1);

    private readonly IConnection connection;
    private readonly ConcurrentBag<ITcpClient> sockets;
    private readonly TimeSpan timeout;

    private RabbitLink(IConnection connection, ConcurrentBag<ITcpClient> sockets, TimeSpan timeout)
    {
        this.connection = connection;
        this.sockets = sockets;
        this.timeout = timeout;
    }

    public bool IsOpen => connection.IsOpen;

    /// <param name="options">Where, and how long to try.</param>
    /// <param name="purpose">Shown where the broker lists its connections.</param>
    public static async Task<RabbitLink> Open(BrokerOptions options, string purpose, CancellationToken cancellation)
    {
        var made = new ConcurrentBag<ITcpClient>();
        var factory = new ConnectionFactory
        {
            Uri = new Uri(options.Connection!),
            ClientProvidedName = $"gatehouse {purpose} on {Environment.MachineName}",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = options.Timeout,
            ContinuationTimeout = options.Timeout,
            SocketFactory = family =>
            {
                var socket = ConnectionFactoryBase.DefaultSocketFactory(family);
                made.Add(socket);
                return socket;
            },
        };
        // The client would take any host's certificate.
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        var opening = factory.CreateConnectionAsync(cancellation);
        try
        {
            return new RabbitLink(await opening.WaitAsync(options.Timeout, cancellation), made, options.Timeout);
        }
        catch
        {
            Close(made);
            Observe(opening);
            throw;
        }
    }

    public Task<IChannel> Channel(CreateChannelOptions? channel, CancellationToken cancellation) =>
        connection.CreateChannelAsync(channel, cancellation).WaitAsync(timeout, cancellation);

    /// <summary>Asks the broker for something that costs it nothing; throws when it does not answer.</summary>
    public async Task Ping(CancellationToken cancellation)
    {
        var channel = await Channel(null, cancellation);
        await channel.CloseAsync(cancellation).WaitAsync(timeout, cancellation);
    }

    /// <summary>Ends it now, without a word: whatever waits for an answer on it gets an exception.</summary>
    public void Break()
    {
        Close(sockets);
        Observe(connection.DisposeAsync().AsTask());
    }

    /// <summary>Takes leave of the broker, unless that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.CloseAsync(FarewellMax).WaitAsync(FarewellMax);
        }
        catch (Exception)
        {
            // Gone already, or it hangs.
        }

        Break();
    }

    private static void Close(ConcurrentBag<ITcpClient> sockets)
    {
        foreach (var socket in sockets)
        {
            socket.Close();
        }
    }

    /// <summary>Nobody awaits it any more: its failure is not to be reported as one that nobody saw.</summary>
    private static void Observe(Task task) => _ = task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}

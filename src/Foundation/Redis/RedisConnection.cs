using System.Collections.Immutable;
using Gatehouse.Foundation.Resilience;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Redis;

/// <summary>
/// The one connection to Redis of this process. It is made in the background, comes back by itself, and asks no one to
/// wait for it: a call answers in <see cref="RedisOptions.TimeoutMs"/> or not at all, and after a few that did not,
/// none is made until Redis answers a ping again. Its breaker is the dependency <c>redis</c>, and the ping its probe.
/// </summary>
internal sealed partial class RedisConnection(
    RedisOptions options, Dependencies dependencies, TimeProvider time, ILogger<RedisConnection> log)
    : IAsyncDisposable
{
    private const int FailuresMax = 3;
    private const int ConnectMs = 1_000;
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(200);

    /// <summary>A connection that says nothing for so long is given up and another is made.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    // Known of only where there is one to call.
    private readonly Dependency? breaker = !options.IsConfigured
        ? null
        : dependencies.Get("redis", new DependencyPolicy
        {
            FailuresToOpen = FailuresMax,
            // Shorter than the pause between two pings, so that each may be the probe.
            OpenFor = ProbePause / 2,
        });

    private readonly TimeSpan timeout = TimeSpan.FromMilliseconds(options.TimeoutMs);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<(string Channel, Action<RedisValue> Hear)> subscriptions = [];
    private ImmutableArray<Action> restored = [];
    private Task keeping = Task.CompletedTask;
    private ConnectionMultiplexer? multiplexer;
    private volatile IDatabase? database;
    private SocketManager? sockets;
    private bool started;

    /// <summary>It answers, or did when last asked. False as well where none is configured.</summary>
    public bool IsUp => database is not null;

    public bool IsConfigured => options.IsConfigured;

    public RedisKey Key(string name) => options.Prefix + name;

    /// <summary>Begins to connect, and does not wait for it.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (options.IsConfigured && !started && !stopping.IsCancellationRequested)
            {
                started = true;
                keeping = Task.Run(Connect);
            }
        }
    }

    /// <summary>
    /// Calls Redis once; not <see cref="RedisReply{T}.Ok"/> when it is down, slow or refuses. A call that was given up
    /// may still be carried out.
    /// </summary>
    public async ValueTask<RedisReply<T>> Try<T, TState>(Func<IDatabase, TState, Task<T>> call, TState state)
    {
        if (database is not { } redis)
        {
            Start();
            return default;
        }

        if (!breaker!.TryEnter(out var pass))
        {
            return default;
        }

        Task<T>? asked = null;
        try
        {
            asked = call(redis, state);
            var answer = await asked.WaitAsync(timeout, time);
            pass.Succeeded();
            return new RedisReply<T>(answer);
        }
        catch (RedisServerException refused)
        {
            // It is there and answers at once: no reason to stop asking.
            pass.Succeeded();
            LogRefused(refused.Message.Split(' ', 2)[0]);
            return default;
        }
        catch (Exception failure) when (
            failure is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            Observe(asked);
            pass.Failed(failure, CancellationToken.None);
            if (breaker.IsOpen)
            {
                GiveUp(redis, failure);
            }

            return default;
        }
    }

    /// <summary>
    /// To be called when it answers after it did not, and when what was published may have been missed. Must be quick
    /// and not throw.
    /// </summary>
    public void WhenRestored(Action act) => ImmutableInterlocked.Update(ref restored, acts => acts.Add(act));

    /// <summary>Hears what is published on the channel, now and after each reconnection.</summary>
    public void Subscribe(string channel, Action<RedisValue> hear)
    {
        lock (gate)
        {
            subscriptions.Add((options.Prefix + channel, hear));
            if (multiplexer is { } connected)
            {
                Observe(Listen(connected, options.Prefix + channel, hear));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task last;
        lock (gate)
        {
            last = keeping;
        }

        await last;
        database = null;
        await Close();
        sockets?.Dispose();
        stopping.Dispose();
    }

    private void GiveUp(IDatabase redis, Exception reason)
    {
        lock (gate)
        {
            if (database != redis || stopping.IsCancellationRequested)
            {
                return;
            }

            database = null;
            keeping = Task.Run(Connect);
        }

        LogLost(reason.GetType().Name);
    }

    /// <summary>Until Redis answers: connects where that must be, and pings.</summary>
    private async Task Connect()
    {
        var connectedAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (breaker!.TryEnter(out var pass))
            {
                try
                {
                    if (multiplexer is null)
                    {
                        await Open();
                        connectedAt = time.GetTimestamp();
                    }

                    var redis = multiplexer!.GetDatabase();
                    var ping = redis.PingAsync();
                    Observe(ping);
                    await ping.WaitAsync(timeout, time, stopping.Token);
                    pass.Succeeded();
                    database = redis;
                    LogUp();
                    TellRestored();
                    return;
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    pass.Failed(failure, stopping.Token);
                    if (time.GetElapsedTime(connectedAt) > SilenceMax)
                    {
                        await Close();
                    }
                }
            }

            // Whether the pause is over or cut short, the loop looks.
            await Task.WhenAny(Task.Delay(ProbePause, time, stopping.Token));
        }
    }

    private async Task Open()
    {
        var configuration = ConfigurationOptions.Parse(options.Connection!);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, ConnectMs);
        configuration.ReconnectRetryPolicy = new LinearRetry((int)ReconnectPause.TotalMilliseconds);
        configuration.ClientName ??= "gatehouse";
        // One for all: a multiplexer leaves the thread of its own behind when it is closed.
        configuration.SocketManager = sockets ??= new SocketManager("redis");
        // Of use where several Redis servers replicate by hand; each would cost a key and a channel.
        configuration.TieBreaker = "";
        configuration.ConfigurationChannel = "";
        var opened = await ConnectionMultiplexer.ConnectAsync(configuration);
        opened.PreserveAsyncOrder = false;
        opened.ConnectionRestored += (_, connection) =>
        {
            if (connection.ConnectionType == ConnectionType.Subscription)
            {
                TellRestored();
            }
        };
        lock (gate)
        {
            multiplexer = opened;
            foreach (var (channel, hear) in subscriptions)
            {
                Observe(Listen(opened, channel, hear));
            }
        }
    }

    private async Task Close()
    {
        var closed = Interlocked.Exchange(ref multiplexer, null);
        if (closed is not null)
        {
            try
            {
                await closed.CloseAsync(allowCommandsToComplete: false).WaitAsync(timeout, time);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
            {
                // What does not answer cannot be taken leave of.
            }
        }
    }

    private void TellRestored()
    {
        foreach (var act in restored)
        {
            act();
        }
    }

    private static Task Listen(ConnectionMultiplexer connected, string channel, Action<RedisValue> hear) =>
        connected.GetSubscriber().SubscribeAsync(channel, (_, message) => hear(message));

    /// <summary>Nobody awaits it any more: its failure is not to be reported as one that nobody saw.</summary>
    private static void Observe(Task? task) => _ = task?.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    [LoggerMessage(9101, LogLevel.Warning, "Redis does not answer ({Reason}): going on without")]
    private partial void LogLost(string reason);

    [LoggerMessage(9102, LogLevel.Information, "Redis answers")]
    private partial void LogUp();

    [LoggerMessage(9103, LogLevel.Warning, "Redis refused a command: {Code}")]
    private partial void LogRefused(string code);
}

using StackExchange.Redis;

namespace Gatehouse.Foundation.Redis;

/// <summary>Tries the Redis of the settings once, for somebody who wants to know before a start.</summary>
public static class RedisCheck
{
    private const int ConnectMs = 2_000;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong; null when it answers. Never quotes the connection, which may have a password.</summary>
    public static async Task<string?> Fault(RedisOptions options, CancellationToken cancellation)
    {
        var configuration = ConfigurationOptions.Parse(options.Connection!);
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = ConnectMs;
        try
        {
            await Ping(configuration).WaitAsync(TimeMax, cancellation);
            return null;
        }
        // That is where the client says so.
        catch (RedisConnectionException failure) when (failure.Message.Contains(
            nameof(ConnectionFailureType.AuthenticationFailure), StringComparison.Ordinal))
        {
            return "it refuses the password of GATEHOUSE_REDIS__CONNECTION";
        }
        catch (RedisConnectionException failure)
        {
            return $"it cannot be reached where GATEHOUSE_REDIS__CONNECTION says ({failure.FailureType})";
        }
        catch (RedisServerException refused)
        {
            return $"it refuses what GATEHOUSE_REDIS__CONNECTION lets us do ({refused.Message.Split(' ', 2)[0]})";
        }
        catch (TimeoutException)
        {
            return "it does not answer where GATEHOUSE_REDIS__CONNECTION says";
        }
    }

    private static async Task Ping(ConfigurationOptions configuration)
    {
        using var connected = await ConnectionMultiplexer.ConnectAsync(configuration);
        await connected.GetDatabase().PingAsync();
    }
}

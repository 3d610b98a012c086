using Gatehouse.Testing;
using StackExchange.Redis;

namespace Gatehouse.Bench.Limits;

/// <summary>
/// The peer: StackExchange.Redis alone counts a fixed window with INCR, and EXPIRE for the first of it. It lets twice
/// the limit pass where two windows meet, and throws when Redis is gone.
/// </summary>
internal sealed class RawCounter(ConnectionMultiplexer connection, string prefix) : IAsyncDisposable
{
    public static async Task<RawCounter> Connect(RedisServer server, string prefix) =>
        new(await ConnectionMultiplexer.ConnectAsync(server.Connection), prefix);

    public async ValueTask<bool> Allows(int permits, TimeSpan window)
    {
        var database = connection.GetDatabase();
        RedisKey key = $"{prefix}{TimeProvider.System.GetUtcNow().Ticks / window.Ticks}";
        var count = await database.StringIncrementAsync(key);
        if (count == 1)
        {
            await database.KeyExpireAsync(key, window);
        }

        return count <= permits;
    }

    public async ValueTask DisposeAsync()
    {
        await connection.CloseAsync();
        connection.Dispose();
    }
}

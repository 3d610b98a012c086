using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Caching;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Gateway.Tests.Caching;

/// <summary>Two gateways before one origin, with one Redis.</summary>
public sealed class SharedAnswersTests
{
    private const string Age60 = "200|Cache-Control: max-age=60|Cache-Tag: one|Vary: X-A";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string?, string?, string?> Purges => new()
    {
        { null, "/a/**", null },
        { null, "/a/b", null },
        { null, null, "one" },
        { "example.org", null, null },
    };

    [Theory]
    [MemberData(nameof(Purges))]
    public async Task What_one_gateway_keeps_another_gives_and_forgets_with_it(string? host, string? path, string? tag)
    {
        using var server = RedisServer.Start();
        using var origin = new RecordingOrigin(TimeProvider.System, Age60);
        await using var one = await SharedRig.Start(server, origin);
        await using var two = await SharedRig.Start(server, origin);

        // What a gateway hears first is that it may have missed something: then it begins anew.
        await Poll.Until(() => two.Keeps("/warm"), Patience, "the other to keep something");
        await Poll.Until(() => one.Keeps("/a/b"), Patience, "it to be in Redis");
        var count = origin.Count;
        Assert.Equal($"body {count}", await two.Get("/a/b"));
        Assert.Equal(count, origin.Count);

        var purged = two.Cache.Purged;
        await one.Cache.Purge(new Purge(
            host, path?.TrimEnd('*'), path?.EndsWith("/**", StringComparison.Ordinal) == true, tag));
        await Poll.Until(() => two.Cache.Purged > purged, Patience, "the other to hear of it");

        Assert.Equal($"body {count + 1}", await two.Get("/a/b"));
    }

    [Fact]
    public async Task What_is_changed_through_one_gateway_is_forgotten_by_another()
    {
        using var server = RedisServer.Start();
        using var origin = new RecordingOrigin(TimeProvider.System, Age60);
        await using var one = await SharedRig.Start(server, origin);
        await using var two = await SharedRig.Start(server, origin);
        await Poll.Until(() => two.Keeps("/a"), Patience, "the other to keep it");
        var (count, purged) = (origin.Count, two.Cache.Purged);

        await one.Get("/a", HttpMethod.Post);

        await Poll.Until(() => two.Cache.Purged > purged, Patience, "the other to hear of it");
        Assert.Equal($"body {count + 2}", await two.Get("/a"));
    }

    [Fact]
    public async Task Without_redis_each_keeps_its_own()
    {
        using var server = RedisServer.Start();
        using var origin = new RecordingOrigin(TimeProvider.System, "200|Cache-Control: max-age=60");
        await using var one = await SharedRig.Start(server, origin);
        await Poll.Until(async () => await one.Get("/a") == await one.Get("/a"), Patience, "it to be kept");
        var first = await one.Get("/a");

        server.Dispose();

        Assert.Equal(first, await one.Get("/a"));
        var second = await one.Get("/b");
        Assert.Equal(second, await one.Get("/b"));
        var count = origin.Count;
        await one.Cache.Purge(new Purge(null, "/", IsPrefix: true, null));
        Assert.Equal($"body {count + 1}", await one.Get("/a"));
    }
}

internal sealed class SharedRig : IAsyncDisposable
{
    private readonly HttpClient client = new();

    public required GatewayRig Gateway { get; init; }

    public required RedisConnection Redis { get; init; }

    public AnswerCache Cache => Gateway.Service<AnswerCache>();

    public static async Task<SharedRig> Start(RedisServer server, RecordingOrigin origin)
    {
        var time = TimeProvider.System;
        var redis = new RedisConnection(
            new RedisOptions { Connection = server.Connection, Prefix = "t:", TimeoutMs = 5_000 },
            new Dependencies(new ResilienceOptions(), time, NullLogger<Dependencies>.Instance),
            time,
            NullLogger<RedisConnection>.Instance);
        redis.Start();
        await Poll.Until(() => redis.IsUp, TimeSpan.FromSeconds(10), "Redis to be connected");
        return new SharedRig
        {
            Redis = redis,
            Gateway = await GatewayRig.Start(
                new GatewayOptions(), time, new SharedBytesSource(redis, new CachingOptions(), time),
                GatewayRig.RouteTo(origin.Address) with { Cache = new ResponseCache() }),
        };
    }

    public async Task<bool> Keeps(string path)
    {
        await Get(path);
        return (await Redis.Try(
            static (database, key) => database.KeyExistsAsync(key),
            Redis.Key($"cache:gateway.answer:all http://example.org{path}\nx-a\n=\u0001"))).Value;
    }

    public async Task<string> Get(string path, HttpMethod? method = null)
    {
        // Both are asked under one name.
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(Gateway.Http1, path));
        request.Headers.Host = "example.org";
        var answer = await client.SendAsync(request);
        return await answer.Body();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Gateway.DisposeAsync();
        await Redis.DisposeAsync();
    }
}

using System.Net;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Tests.Resilience;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Limits;

/// <summary>Limits that endpoints ask for by name.</summary>
public sealed class LimitMiddlewareTests : IAsyncDisposable
{
    private const string Somewhere = "192.0.2.1";
    private const string Elsewhere = "192.0.2.2";

    private readonly RedisConnection redis = new(
        new RedisOptions(), Breakers.OfOne(), TimeProvider.System, NullLogger<RedisConnection>.Instance);
    private readonly Instances instances;
    private readonly RateLimits limits;

    public LimitMiddlewareTests()
    {
        var options = new LimitsOptions();
        instances = new Instances(redis, options, TimeProvider.System);
        limits = new RateLimits(
            options,
            [
                DefaultLimits.OfAnonymous(options), DefaultLimits.OfUser(options), DefaultLimits.OfAddress(options),
                Two("route", LimitBy.Route), Two("guest", LimitBy.Address), Two("person", LimitBy.User),
            ],
            redis,
            instances,
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        limits.Dispose();
        instances.Dispose();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task By_route_all_who_come_are_counted_together_and_another_route_apart()
    {
        Assert.Equal(200, await Ask("/a", Somewhere, "route"));
        Assert.Equal(200, await Ask("/a", Elsewhere, "route"));
        Assert.Equal(429, await Ask("/a", Elsewhere, "route"));
        Assert.Equal(200, await Ask("/b", Elsewhere, "route"));
    }

    [Fact]
    public async Task By_address_it_stands_in_for_the_ordinary_one()
    {
        Assert.Equal(200, await Ask("/a", Somewhere, "guest"));
        Assert.Equal(200, await Ask("/b", Somewhere, "guest"));
        Assert.Equal(429, await Ask("/a", Somewhere, "guest"));
        Assert.Equal(200, await Ask("/a", Elsewhere, "guest"));
        Assert.Equal(200, await Ask("/c", Somewhere));
    }

    [Fact]
    public async Task By_user_a_person_is_the_same_everywhere_and_a_stranger_is_an_address()
    {
        var person = new Caller(new UserId(Guid.NewGuid()), Role.User, new SessionId(Guid.NewGuid()));
        Assert.Equal(200, await Ask("/a", Somewhere, "person", person));
        Assert.Equal(200, await Ask("/a", Elsewhere, "person", person));
        Assert.Equal(429, await Ask("/a", Elsewhere, "person", person));
        Assert.Equal(200, await Ask("/a", Elsewhere, "person"));
        Assert.Equal(200, await Ask("/a", Elsewhere, "person"));
        Assert.Equal(429, await Ask("/a", Elsewhere, "person"));
    }

    [Fact]
    public async Task A_name_that_nobody_registered_is_a_fault_and_not_a_hole() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ask("/a", Somewhere, "no-such-limit"));

    private static LimitPolicy Two(string name, LimitBy by) =>
        new(name, by, LimitAlgorithm.FixedWindow, 2, TimeSpan.FromMinutes(1));

    private async Task<int> Ask(string route, string from, string? limit = null, Caller? caller = null)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(from) } };
        context.SetEndpoint(new RouteEndpoint(
            _ => Task.CompletedTask,
            RoutePatternFactory.Parse(route),
            order: 0,
            new EndpointMetadataCollection(limit is null ? [] : [new RequiredLimit(limit)]),
            displayName: null));
        if (caller is not null)
        {
            context.User = new(new CallerIdentity(caller));
        }

        var user = new UserLimitMiddleware(_ => Task.CompletedTask, limits);
        await new AddressLimitMiddleware(user.Invoke, limits).Invoke(context);
        return context.Response.StatusCode;
    }
}

using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Limits;

public static class LimitsRegistration
{
    /// <summary>Makes a limit known by its name, for endpoints and for <see cref="RateLimits"/>.</summary>
    public static IServiceCollection AddRateLimit(
        this IServiceCollection services, Func<IServiceProvider, LimitPolicy> policy) => services.AddSingleton(policy);

    /// <summary>
    /// Puts a limit on endpoints: by address instead of the ordinary one for addresses, by user instead of the ordinary
    /// one for accounts, by route in addition.
    /// </summary>
    public static TBuilder RequireLimit<TBuilder>(this TBuilder builder, string policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredLimit(policy));

    /// <summary>For what costs cryptography to those who have not signed in.</summary>
    public static TBuilder LimitByAddress<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireLimit(DefaultLimits.Auth);

    /// <summary>For probes, which must be answered however many there are.</summary>
    public static TBuilder WithoutLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(Unlimited.Instance);

    /// <summary>Makes <see cref="AddressBlocks"/> by a rule; there is one for all of a process.</summary>
    public static IServiceCollection AddAddressBlocks(
        this IServiceCollection services, Func<IServiceProvider, BlockRule> rule) =>
        services.AddSingleton(provider => new AddressBlocks(
            rule(provider),
            provider.GetRequiredService<HttpOptions>(),
            new RedisBlocks(provider.GetRequiredService<RedisConnection>()),
            provider.GetRequiredService<TimeProvider>()));

    internal static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<Instances>();
        services.AddHostedService(provider => provider.GetRequiredService<Instances>());
        services.AddSingleton(provider => new RateLimits(
            provider.GetRequiredService<LimitsOptions>(),
            provider.GetServices<LimitPolicy>(),
            provider.GetRequiredService<RedisConnection>(),
            provider.GetRequiredService<Instances>(),
            provider.GetRequiredService<TimeProvider>()));
        return services
            .AddRateLimit(provider => DefaultLimits.OfAnonymous(provider.GetRequiredService<LimitsOptions>()))
            .AddRateLimit(provider => DefaultLimits.OfAddress(provider.GetRequiredService<LimitsOptions>()))
            .AddRateLimit(provider => DefaultLimits.OfUser(provider.GetRequiredService<LimitsOptions>()))
            .AddRateLimit(provider => DefaultLimits.OfAuth(provider.GetRequiredService<LimitsOptions>()));
    }
}

/// <summary>The limits of every endpoint that has none of its own, and the one of signing in.</summary>
internal static class DefaultLimits
{
    public const string Anonymous = "anonymous";
    public const string Address = "address";
    public const string User = "user";
    public const string Auth = "auth";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static LimitPolicy OfAnonymous(LimitsOptions options) =>
        new(Anonymous, LimitBy.Address, LimitAlgorithm.SlidingWindow, options.AnonymousPerMinute, Minute);

    public static LimitPolicy OfAddress(LimitsOptions options) =>
        new(Address, LimitBy.Address, LimitAlgorithm.SlidingWindow, options.AddressPerMinute, Minute)
        {
            PerInstance = true,
        };

    public static LimitPolicy OfUser(LimitsOptions options) =>
        new(User, LimitBy.User, LimitAlgorithm.SlidingWindow, options.UserPerMinute, Minute);

    public static LimitPolicy OfAuth(LimitsOptions options) =>
        new(Auth, LimitBy.Address, LimitAlgorithm.SlidingWindow, options.AuthPerMinute, Minute);
}

/// <summary>Endpoint metadata: a limit by name.</summary>
internal sealed record RequiredLimit(string Policy);

/// <summary>Endpoint metadata: no limit.</summary>
internal sealed class Unlimited
{
    public static readonly Unlimited Instance = new();
}

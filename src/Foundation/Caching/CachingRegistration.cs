using Gatehouse.Foundation.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Caching;

public static class CachingRegistration
{
    /// <summary>
    /// A command has one too: what it changes is forgotten elsewhere where Redis answers before the command ends, else
    /// when its time is over.
    /// </summary>
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.TryAddSingleton<RedisConnection>();
        services.AddSingleton(provider => new SharedBytesSource(
            provider.GetRequiredService<RedisConnection>(),
            provider.GetRequiredService<CachingOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<ICache>(provider =>
        {
            var redis = provider.GetRequiredService<RedisConnection>();
            return new Cache(
                provider.GetRequiredService<CachingOptions>(),
                provider.GetRequiredService<TimeProvider>(),
                redis.IsConfigured ? new RedisStore(redis) : null);
        });
    }
}

using Gatehouse.Foundation.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Caching;

internal static class CachingRegistration
{
    public static IServiceCollection AddCaching(this IServiceCollection services) =>
        services.AddSingleton<ICache>(provider =>
        {
            var redis = provider.GetRequiredService<RedisConnection>();
            return new Cache(
                provider.GetRequiredService<CachingOptions>(),
                provider.GetRequiredService<TimeProvider>(),
                redis.IsConfigured ? new RedisStore(redis) : null);
        });
}

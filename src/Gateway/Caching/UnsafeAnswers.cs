using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Caching;

/// <summary>What was changed is forgotten (RFC 9111, 4.4), before who changed it learns that it was.</summary>
internal static class UnsafeAnswers
{
    public static void Watch(AnswerCache cache, Exchange exchange)
    {
        if (IsUnsafe(exchange.Context.Request.Method))
        {
            exchange.Context.Response.OnStarting(
                static state =>
                {
                    var (cache, exchange) = ((AnswerCache, Exchange))state;
                    return exchange.Context.Response.StatusCode is >= 200 and < 400
                        ? cache.Purge(Purge.Of(PlaceOf(exchange))).AsTask()
                        : Task.CompletedTask;
                },
                (cache, exchange));
        }
    }

    public static bool IsUnsafe(string method) => method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE");

    private static CachePlace PlaceOf(Exchange exchange) =>
        new(exchange.Context.Request.Host.Value?.ToLowerInvariant() ?? "", exchange.Path);
}

using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Whether and when a request is tried again: what is safe, in time, and within the budget.</summary>
internal static class Retries
{
    public static TimeSpan? After(UpstreamFault fault, Exchange exchange, ClusterState cluster, int attempt) =>
        exchange is { IsFallback: false, Route.Retry: { } retry } && attempt < retry.Attempts &&
        RetryRule.MayFollow(fault, exchange.TraitsNow)
            ? InTime(Jitter(retry, attempt), exchange, cluster)
            : null;

    public static TimeSpan? After(
        HttpResponseMessage answer, Exchange exchange, ClusterState cluster, int attempt, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        if (status is not (429 or (>= 500 and <= 599)) ||
            exchange is not { IsFallback: false, Route.Retry: { } retry } || attempt >= retry.Attempts)
        {
            return null;
        }

        // Who is told when to come again comes then, or not at all.
        var told = status is 429 or 503 && answer.Headers.RetryAfter is { } after
            ? after.Delta ?? Until(after.Date, answer.Headers.Date ?? now)
            : null;
        var isWorth = told is not null
            ? RetryRule.MayFollow(status, [status], exchange.TraitsNow)
            : status != 429 && RetryRule.MayFollow(status, retry.Statuses, exchange.TraitsNow);
        return isWorth ? InTime(told ?? Jitter(retry, attempt), exchange, cluster) : null;
    }

    private static TimeSpan? InTime(TimeSpan wait, Exchange exchange, ClusterState cluster)
    {
        if (wait >= exchange.Left)
        {
            return null;
        }

        if (cluster.Budget.TrySpend())
        {
            cluster.Members.Repeated();
            return wait;
        }

        cluster.Members.NotRepeated();
        return null;
    }

    // By the clock of who wrote it, where it says what that shows.
    private static TimeSpan? Until(DateTimeOffset? date, DateTimeOffset now) =>
        date is not { } then ? null : then > now ? then - now : TimeSpan.Zero;

    // Full jitter: all who failed together must not come back together.
    private static TimeSpan Jitter(Retry retry, int attempt)
    {
        var most = Math.Min(retry.Backoff.Ticks * Math.Pow(2, attempt - 1), retry.BackoffMax.Ticks);
        return TimeSpan.FromTicks(Random.Shared.NextInt64((long)most + 1));
    }
}

using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Policies;

/// <summary>Requests of a route that have begun and not ended; WebSockets as long as they are open.</summary>
internal sealed class UnderWay
{
    private int count;

    public bool IsNone => Volatile.Read(ref count) == 0;

    public bool TryBegin(int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        End();
        return false;
    }

    public void End() => Interlocked.Decrement(ref count);
}

/// <summary>
/// Lets so many in at once. It is the route that is full, not the client that asks too much: 503, and soon again.
/// </summary>
internal sealed class ConcurrencyStep(UnderWay underWay, int most, RouteStep next)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public async Task Pass(Exchange exchange)
    {
        if (!underWay.TryBegin(most))
        {
            await EdgeAnswers.Refuse(exchange.Context, new Problem(
                GatewayProblemCodes.Overloaded, "As many requests of this route are under way as may be.")
            {
                RetryAfter = Soon,
            });
            return;
        }

        try
        {
            await next(exchange);
        }
        finally
        {
            underWay.End();
        }
    }
}

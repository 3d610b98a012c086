using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// How many attempts may be under way: so many for the webhooks of one user, and half of all for those that fail.
/// Whoever points webhooks at hosts that hang cannot take every place there is, and a place is free for those that
/// are well.
/// </summary>
internal sealed class WebhookTurns(WebhooksOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<UserId, int> underWay = [];
    private readonly int failingMax = options.Concurrency / 2;
    private int failing;

    /// <summary>Null where there is no place. Dispose it when the attempt is over.</summary>
    public IDisposable? Take(UserId owner, bool isFailing)
    {
        lock (gate)
        {
            var already = underWay.GetValueOrDefault(owner);
            if (already >= options.UserConcurrency || (isFailing && failing >= failingMax))
            {
                return null;
            }

            underWay[owner] = already + 1;
            failing += isFailing ? 1 : 0;
        }

        return new Turn(this, owner, isFailing);
    }

    private void Return(UserId owner, bool isFailing)
    {
        lock (gate)
        {
            failing -= isFailing ? 1 : 0;
            if (--underWay[owner] == 0)
            {
                underWay.Remove(owner);
            }
        }
    }

    private sealed class Turn(WebhookTurns turns, UserId owner, bool isFailing) : IDisposable
    {
        public void Dispose() => turns.Return(owner, isFailing);
    }
}

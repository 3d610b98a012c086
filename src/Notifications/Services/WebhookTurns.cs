using System.Collections.Concurrent;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services;

/// <summary>
/// How many calls the webhooks of one user may have under way: who points them at many hosts that hang cannot take
/// every place there is.
/// </summary>
internal sealed class WebhookTurns(WebhooksOptions options)
{
    private readonly ConcurrentDictionary<UserId, int> underWay = new();

    /// <summary>Null where there is no place. Dispose it when the call is over.</summary>
    public IDisposable? Take(UserId owner)
    {
        while (true)
        {
            var now = underWay.GetOrAdd(owner, 0);
            if (now >= options.UserConcurrency)
            {
                return null;
            }

            if (underWay.TryUpdate(owner, now + 1, now))
            {
                return new Turn(this, owner);
            }
        }
    }

    private void Return(UserId owner)
    {
        while (underWay.TryGetValue(owner, out var now))
        {
            if (now == 1
                ? underWay.TryRemove(new KeyValuePair<UserId, int>(owner, now))
                : underWay.TryUpdate(owner, now - 1, now))
            {
                return;
            }
        }
    }

    private sealed class Turn(WebhookTurns turns, UserId owner) : IDisposable
    {
        private bool isOver;

        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                turns.Return(owner);
            }
        }
    }
}

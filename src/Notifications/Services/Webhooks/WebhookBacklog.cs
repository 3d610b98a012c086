using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// How many more deliveries may wait: so many of a webhook and of all webhooks of a user. Counted in the transaction
/// that adds to them; another that does so at once may add as many as it has.
/// </summary>
internal sealed class WebhookBacklog(WebhooksOptions options, IReadOnlyList<WaitingCount> waiting)
{
    public const string Full = "Too many were waiting. Sent again by a replay.";

    private readonly Dictionary<Guid, int> ofWebhook = waiting.ToDictionary(count => count.WebhookId, c => c.Waiting);
    private readonly Dictionary<Guid, int> ofUser = waiting.GroupBy(count => count.UserId)
        .ToDictionary(counts => counts.Key, counts => counts.Sum(count => count.Waiting));

    public int Waiting(Guid webhookId) => ofWebhook.GetValueOrDefault(webhookId);

    public bool IsFull(Guid webhookId, UserId owner) => Waiting(webhookId) >= options.WaitingMax ||
        ofUser.GetValueOrDefault(owner.Value) >= options.UserWaitingMax;

    /// <summary>One more; false where there are as many as may be.</summary>
    public bool TryAdd(Guid webhookId, UserId owner)
    {
        if (IsFull(webhookId, owner))
        {
            return false;
        }

        ofWebhook[webhookId] = Waiting(webhookId) + 1;
        ofUser[owner.Value] = ofUser.GetValueOrDefault(owner.Value) + 1;
        return true;
    }
}

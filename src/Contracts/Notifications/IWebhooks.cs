using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Notifications;

/// <summary>
/// A user's URLs that receive integration events, signed. Someone else's webhook is answered like an unknown one:
/// <c>not_found</c>.
/// </summary>
public interface IWebhooks
{
    /// <summary>
    /// Makes a webhook of the caller's; the answer alone has its secret. Codes: <c>validation_failed</c>,
    /// <c>forbidden</c> for the scope <c>all</c> below admin, <c>too_many_webhooks</c>.
    /// </summary>
    Task<Result<WebhookView>> Create(Caller caller, CreateWebhook request, CancellationToken cancellation);

    /// <summary>The caller's, newest first.</summary>
    Task<Page<WebhookView>> List(Caller caller, PageRequest page, CancellationToken cancellation);

    Task<Result<WebhookView>> Get(Caller caller, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Changes what is given; switching it on again forgets that it failed. Codes: <c>not_found</c>,
    /// <c>validation_failed</c>, <c>forbidden</c> for the scope <c>all</c> below admin.
    /// </summary>
    Task<Result<WebhookView>> Update(
        Caller caller, Guid id, UpdateWebhook request, CancellationToken cancellation);

    /// <summary>Nothing is sent to it any more; its log goes with it.</summary>
    Task<Result<Done>> Delete(Caller caller, Guid id, CancellationToken cancellation);

    /// <summary>
    /// A new secret; the one before it signs as well for 24 h. Rotating again within them ends the oldest at once.
    /// </summary>
    Task<Result<WebhookSecretView>> RotateSecret(Caller caller, Guid id, CancellationToken cancellation);
}

/// <summary>What was sent to webhooks, kept 30 days, and sending it again.</summary>
public interface IWebhookDeliveries
{
    /// <summary>Newest first, without bodies. Code: <c>not_found</c>.</summary>
    Task<Result<Page<WebhookDeliveryView>>> List(
        Caller caller, Guid webhookId, PageRequest page, CancellationToken cancellation);

    /// <summary>One with the body that is sent. Code: <c>not_found</c>.</summary>
    Task<Result<WebhookDeliveryView>> Get(
        Caller caller, Guid webhookId, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Sends a <c>webhook.test</c> now, once, even to a webhook that is switched off. Code: <c>not_found</c>.
    /// </summary>
    Task<Result<WebhookDeliveryView>> Test(Caller caller, Guid webhookId, CancellationToken cancellation);

    /// <summary>
    /// Sends it again from the start, under the id of its message. One that is on its way stays as it is. Codes:
    /// <c>not_found</c>, <c>webhook_inactive</c>, <c>rate_limited</c>.
    /// </summary>
    Task<Result<WebhookDeliveryView>> Replay(
        Caller caller, Guid webhookId, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Sends those of a time again, oldest first, 1,000 at most. Codes: <c>not_found</c>, <c>validation_failed</c>,
    /// <c>webhook_inactive</c>, <c>rate_limited</c>.
    /// </summary>
    Task<Result<WebhookReplayView>> Replay(
        Caller caller, Guid webhookId, ReplayWebhook request, CancellationToken cancellation);
}

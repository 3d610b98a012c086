using Gatehouse.Contracts.Notifications;
using Gatehouse.Notifications.Domain;

namespace Gatehouse.Notifications.Services;

/// <summary>The border between webhooks of the domain and of Contracts, both ways.</summary>
internal static class WebhookContracts
{
    public static WebhookDetails ToDetails(this CreateWebhook request) =>
        new(request.Url, request.Events, request.Description, request.Active, request.Scope);

    /// <summary>The patch laid over what there is.</summary>
    public static WebhookDetails ToDetails(this UpdateWebhook patch, WebhookSettings current) => new(
        patch.Url.Or(current.Url.Uri.AbsoluteUri),
        patch.Events.Or(current.Events.Names),
        patch.Description.Or(current.Description),
        patch.Active.Or(current.IsActive),
        patch.Scope.Or(current.Scope));

    public static WebhookView ToContract(this Webhook webhook, DateTimeOffset now, string? secret = null) => new(
        webhook.Id,
        webhook.Settings.Url.Uri.AbsoluteUri,
        webhook.Settings.Events.Names,
        webhook.Settings.Description,
        webhook.Settings.IsActive,
        webhook.Settings.Scope,
        webhook.CreatedAt,
        webhook.FailingSince,
        webhook.DisabledAt,
        webhook.DisabledReason,
        webhook.Secrets.PreviousUntil > now ? webhook.Secrets.PreviousUntil : null,
        secret);
}

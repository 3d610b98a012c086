using System.Text.Json.Nodes;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Audit;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

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

    public static AuditFact ToAudit(this Webhook webhook, string act) =>
        new($"webhook.{act}", $"webhook/{webhook.Id}");

    /// <summary>For the audit log: of the URL the host only, since many a path is a secret.</summary>
    public static string ToJson(this Webhook webhook) => new JsonObject
    {
        ["endpoint"] = webhook.Settings.Url.Endpoint,
        ["events"] = webhook.Settings.Events.ToString(),
        ["active"] = webhook.Settings.IsActive,
        ["scope"] = webhook.Settings.Scope,
    }.ToJsonString();
}

using System.Text.Json;

namespace Gatehouse.Contracts.Notifications;

/// <summary>Gatehouse has switched a webhook off, since nothing arrives there.</summary>
/// <param name="UserId">Its owner, who is told by mail.</param>
/// <param name="Reason"><c>gone</c> (it answered 410) or <c>failing</c> (for days).</param>
/// <param name="FailingSince">The first of the failures since anything was delivered last.</param>
public sealed record WebhookDisabledEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid WebhookId,
    Guid UserId,
    string Url,
    string Reason,
    DateTimeOffset FailingSince)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "webhook.disabled";

    public override string AggregateId => WebhookId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, NotificationsJson.Default.WebhookDisabledEvent);
}

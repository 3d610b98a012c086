using Gatehouse.Foundation.Secrets;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>Seals the secrets of webhooks, each for its row, and signs with them.</summary>
internal sealed class WebhookVault(SecretBox box)
{
    public string Seal(Guid webhookId, WebhookSecret secret) => box.Seal(Purpose(webhookId), secret.Bytes);

    /// <summary>What <c>webhook-signature</c> says: one signature, or two while an old secret is still good.</summary>
    public string Sign(Guid webhookId, WebhookSecrets secrets, WebhookMessage message, DateTimeOffset now) =>
        string.Join(' ', secrets.At(now).Select(text =>
            new WebhookSecret(box.Open(Purpose(webhookId), text)).Sign(message.Id, now, message.Body)));

    private static string Purpose(Guid webhookId) => $"notifications/webhook/{webhookId}";
}

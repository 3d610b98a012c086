using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Notifications;

/// <summary>Source-generated JSON of what is told to people and their programs.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(CreateWebhook))]
[JsonSerializable(typeof(UpdateWebhook))]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(ListAnswer<WebhookView>), TypeInfoPropertyName = "WebhookList")]
[JsonSerializable(typeof(WebhookSecretView))]
[JsonSerializable(typeof(WebhookDeliveryView))]
[JsonSerializable(typeof(ListAnswer<WebhookDeliveryView>), TypeInfoPropertyName = "WebhookDeliveryList")]
[JsonSerializable(typeof(ReplayWebhook))]
[JsonSerializable(typeof(WebhookReplayView))]
[JsonSerializable(typeof(WebhookBody<WebhookBooking>), TypeInfoPropertyName = "WebhookBookingBody")]
[JsonSerializable(typeof(WebhookBody<WebhookCheckIn>), TypeInfoPropertyName = "WebhookCheckInBody")]
[JsonSerializable(typeof(WebhookBody<WebhookPayment>), TypeInfoPropertyName = "WebhookPaymentBody")]
[JsonSerializable(typeof(WebhookBody<WebhookEvent>), TypeInfoPropertyName = "WebhookEventBody")]
[JsonSerializable(typeof(WebhookBody<WebhookEntry>), TypeInfoPropertyName = "WebhookEntryBody")]
[JsonSerializable(typeof(WebhookBody<WebhookUser>), TypeInfoPropertyName = "WebhookUserBody")]
[JsonSerializable(typeof(WebhookBody<WebhookTest>), TypeInfoPropertyName = "WebhookTestBody")]
[JsonSerializable(typeof(WebhookDisabledEvent))]
[JsonSerializable(typeof(MailView))]
[JsonSerializable(typeof(ListAnswer<MailView>), TypeInfoPropertyName = "MailList")]
[JsonSerializable(typeof(MailTemplatesView))]
public sealed partial class NotificationsJson : JsonSerializerContext;

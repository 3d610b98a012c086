namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>How a delivery stands, as the table and JSON spell it.</summary>
internal static class DeliveryStatus
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";
}

namespace Gatehouse.Ticketing.Domain;

internal enum PaymentStatus
{
    Pending,
    Succeeded,
    Failed,
}

internal static class PaymentStatuses
{
    public static string ToText(this PaymentStatus status) => status switch
    {
        PaymentStatus.Pending => "pending",
        PaymentStatus.Succeeded => "succeeded",
        PaymentStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static PaymentStatus Parse(string text) => text switch
    {
        "pending" => PaymentStatus.Pending,
        "succeeded" => PaymentStatus.Succeeded,
        "failed" => PaymentStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}

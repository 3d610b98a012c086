using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>The refusals of webhooks.</summary>
internal static class WebhookProblems
{
    public static readonly ProblemCode TooManyCode = new("too_many_webhooks", 409, "You have as many as you may");
    public static readonly ProblemCode InactiveCode = new("webhook_inactive", 409, "The webhook is switched off");

    public static Problem NotFound() => Problem.NotFound("webhook");

    public static Problem NoDelivery() => Problem.NotFound("delivery");

    public static Problem TooMany() =>
        new(TooManyCode, $"You have {Webhook.OfOneUserMax}; delete one that you do not need.");

    public static Problem Inactive() => new(InactiveCode, "Switch it on before you send anything again.");

    public static Problem OnlyAdmins() =>
        new(ProblemCodes.Forbidden, "Only admins may have what concerns everyone (scope: all).");

    public static Problem TooOften(string what, TimeSpan retryAfter) =>
        new(ProblemCodes.RateLimited, what) { RetryAfter = retryAfter };
}

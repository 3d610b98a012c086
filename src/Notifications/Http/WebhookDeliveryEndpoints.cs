using Gatehouse.Contracts;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Notifications.Http;

internal static class WebhookDeliveryEndpoints
{
    /// <summary>What sends something at once is limited: it goes to somebody else's server.</summary>
    public static readonly LimitPolicy SendLimit = new(
        "webhook-send", LimitBy.User, LimitAlgorithm.SlidingWindow, permits: 30, TimeSpan.FromMinutes(1));

    public static void MapDeliveries(this IEndpointRouteBuilder webhooks)
    {
        webhooks.MapGet("/{id}/deliveries", List).WithName("listWebhookDeliveries")
            .WithSummary("What was sent to a webhook of yours, newest first; kept 30 days.");
        webhooks.MapGet("/{id}/deliveries/{deliveryId}", Get).WithName("getWebhookDelivery")
            .WithSummary("One delivery with the body that is sent.");
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/replay", ReplayOne).WithName("replayWebhookDelivery")
            .RequireLimit(SendLimit.Name)
            .WithSummary("Sends one delivery again, under the same webhook-id.");
        webhooks.MapPost("/{id}/replay", Replay).WithName("replayWebhook").RequireLimit(SendLimit.Name)
            .WithSummary("Sends the deliveries of a time again, 1,000 at most.");
        webhooks.MapPost("/{id}/test", Test).WithName("testWebhook").RequireLimit(SendLimit.Name)
            .WithSummary("Sends a webhook.test now, once.");
    }

    private static async Task<Results<Ok<ListAnswer<WebhookDeliveryView>>, ProblemResult>> List(
        RouteId id,
        PageQuery page,
        HttpContext context,
        IWebhookDeliveries deliveries,
        CancellationToken cancellation)
    {
        var found = await deliveries.List(context.User.Caller(), id.Value, page.Request, cancellation);
        return found.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<WebhookDeliveryView>.From(found.Value));
    }

    private static async Task<Results<Ok<WebhookDeliveryView>, ProblemResult>> Get(
        RouteId id,
        RouteId deliveryId,
        HttpContext context,
        IWebhookDeliveries deliveries,
        CancellationToken cancellation)
    {
        var found = await deliveries.Get(context.User.Caller(), id.Value, deliveryId.Value, cancellation);
        return found.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(found.Value);
    }

    private static async Task<Results<Accepted<WebhookDeliveryView>, ProblemResult>> ReplayOne(
        RouteId id,
        RouteId deliveryId,
        HttpContext context,
        IWebhookDeliveries deliveries,
        CancellationToken cancellation) =>
        Answer(await deliveries.Replay(context.User.Caller(), id.Value, deliveryId.Value, cancellation));

    private static async Task<Results<Accepted<WebhookReplayView>, ProblemResult>> Replay(
        RouteId id,
        JsonBody<ReplayWebhook> body,
        HttpContext context,
        IWebhookDeliveries deliveries,
        CancellationToken cancellation)
    {
        var replayed = await deliveries.Replay(context.User.Caller(), id.Value, body.Value, cancellation);
        return replayed.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted($"/webhooks/{id.Value}/deliveries", replayed.Value);
    }

    private static async Task<Results<Accepted<WebhookDeliveryView>, ProblemResult>> Test(
        RouteId id, HttpContext context, IWebhookDeliveries deliveries, CancellationToken cancellation) =>
        Answer(await deliveries.Test(context.User.Caller(), id.Value, cancellation));

    private static Results<Accepted<WebhookDeliveryView>, ProblemResult> Answer(Result<WebhookDeliveryView> delivery) =>
        delivery.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted(
                $"/webhooks/{delivery.Value.WebhookId}/deliveries/{delivery.Value.Id}", delivery.Value);
}

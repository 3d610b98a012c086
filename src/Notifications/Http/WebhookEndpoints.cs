using Gatehouse.Contracts;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Notifications.Http;

internal static class WebhookEndpoints
{
    /// <summary>What makes this process look names up is limited: others decide how long that takes.</summary>
    public static readonly LimitPolicy ChangeLimit = new(
        "webhook-change", LimitBy.User, LimitAlgorithm.SlidingWindow, permits: 30, TimeSpan.FromMinutes(1));

    private const int BodyBytesMax = 16 * 1024;

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        var webhooks = endpoints.MapGroup("/webhooks").WithTags("Webhooks").RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        webhooks.MapGet("", List).WithName("listWebhooks").WithSummary("Your webhooks, newest first.");
        webhooks.MapPost("", Create).WithName("createWebhook").RequireLimit(ChangeLimit.Name)
            .WithSummary("Makes a webhook; its secret is shown in this answer only.");
        webhooks.MapGet("/{id}", Get).WithName("getWebhook").WithSummary("One webhook of yours.");
        webhooks.MapPatch("/{id}", Update).WithName("updateWebhook").RequireLimit(ChangeLimit.Name)
            .WithSummary("Changes what is given of a webhook of yours.");
        webhooks.MapDelete("/{id}", Delete).WithName("deleteWebhook").WithSummary("Deletes a webhook of yours.");
        webhooks.MapPost("/{id}/rotate-secret", RotateSecret).WithName("rotateWebhookSecret")
            .WithSummary("A new secret, shown once; the old one signs as well for 24 hours.");
        webhooks.MapDeliveries();
    }

    private static async Task<Ok<ListAnswer<WebhookView>>> List(
        PageQuery page, HttpContext context, IWebhooks webhooks, CancellationToken cancellation) =>
        TypedResults.Ok(ListAnswer<WebhookView>.From(
            await webhooks.List(context.User.Caller(), page.Request, cancellation)));

    private static async Task<Results<Created<WebhookView>, ProblemResult>> Create(
        JsonBody<CreateWebhook> body, HttpContext context, IWebhooks webhooks, CancellationToken cancellation)
    {
        var created = await webhooks.Create(context.User.Caller(), body.Value, cancellation);
        return created.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/webhooks/{created.Value.Id}", created.Value);
    }

    private static async Task<Results<Ok<WebhookView>, ProblemResult>> Get(
        RouteId id, HttpContext context, IWebhooks webhooks, CancellationToken cancellation) =>
        Answer(await webhooks.Get(context.User.Caller(), id.Value, cancellation));

    private static async Task<Results<Ok<WebhookView>, ProblemResult>> Update(
        RouteId id,
        JsonBody<UpdateWebhook> body,
        HttpContext context,
        IWebhooks webhooks,
        CancellationToken cancellation) =>
        Answer(await webhooks.Update(context.User.Caller(), id.Value, body.Value, cancellation));

    private static async Task<Results<NoContent, ProblemResult>> Delete(
        RouteId id, HttpContext context, IWebhooks webhooks, CancellationToken cancellation)
    {
        var deleted = await webhooks.Delete(context.User.Caller(), id.Value, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WebhookSecretView>, ProblemResult>> RotateSecret(
        RouteId id, HttpContext context, IWebhooks webhooks, CancellationToken cancellation)
    {
        var rotated = await webhooks.RotateSecret(context.User.Caller(), id.Value, cancellation);
        return rotated.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(rotated.Value);
    }

    private static Results<Ok<WebhookView>, ProblemResult> Answer(Result<WebhookView> webhook) =>
        webhook.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(webhook.Value);
}

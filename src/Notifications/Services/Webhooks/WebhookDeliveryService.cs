using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Services.Webhooks;

internal sealed class WebhookDeliveryService(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IWebhookRepository webhooks,
    IWebhookDeliveryRepository deliveries,
    IWebhookLogRepository log,
    IAuditLog audit,
    WebhooksOptions options,
    TimeProvider time) : IWebhookDeliveries
{
    private const int ReplayMax = 1_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // A job that failed for days for a reason of ours is dead: what it was to send may be sent again.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromDays(1);

    public async Task<Result<Page<WebhookDeliveryView>>> List(
        Caller caller, Guid webhookId, PageRequest page, CancellationToken cancellation) =>
        await webhooks.Find(caller.User, webhookId, cancellation) is { } webhook && MaySee(caller, webhook)
            ? await log.List(webhookId, page, cancellation)
            : WebhookProblems.NotFound();

    public async Task<Result<WebhookDeliveryView>> Get(
        Caller caller, Guid webhookId, Guid id, CancellationToken cancellation)
    {
        if (await webhooks.Find(caller.User, webhookId, cancellation) is not { } webhook || !MaySee(caller, webhook))
        {
            return WebhookProblems.NotFound();
        }

        return await log.Find(webhookId, id, cancellation) is { } found ? found : WebhookProblems.NoDelivery();
    }

    public async Task<Result<WebhookDeliveryView>> Test(
        Caller caller, Guid webhookId, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await webhooks.Lock(unit, caller.User, webhookId) is null)
        {
            return WebhookProblems.NotFound();
        }

        var now = time.Now();
        var id = Ids.New(now);
        var test = new NewDelivery(id, webhookId, WebhookCatalog.TestOf(webhookId, Ids.New(now), now));
        await deliveries.Insert(unit, [test], now);
        await WebhookDispatch.Enqueue(unit, id, round: 1, now);
        var made = await log.Find(unit, webhookId, id);
        await unit.Commit();
        return made!;
    }

    public async Task<Result<WebhookDeliveryView>> Replay(
        Caller caller, Guid webhookId, Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var backlog = await Backlog(unit, caller);
        if (await Refusal(unit, caller, webhookId, backlog) is { } refusal)
        {
            return refusal;
        }

        await Replay(unit, webhookId, id, time.Now());
        if (await log.Find(unit, webhookId, id) is not { } found)
        {
            return WebhookProblems.NoDelivery();
        }

        await unit.Commit();
        return found;
    }

    public async Task<Result<WebhookReplayView>> Replay(
        Caller caller, Guid webhookId, ReplayWebhook request, CancellationToken cancellation)
    {
        var now = time.Now();
        var to = request.To ?? now;
        var status = request.Status ?? DeliveryStatus.Failed;
        var faults = new Faults();
        faults.Require(request.From is not null, "from", "is required");
        faults.Require(
            request.From is null || request.From >= now.AddDays(-options.RetentionDays),
            "from",
            $"must be within the {options.RetentionDays} days that deliveries are kept");
        faults.Require(request.From is null || request.From < to, "to", "must be after from");
        faults.Require(
            status is DeliveryStatus.Failed or DeliveryStatus.Delivered or "all",
            "status",
            "must be failed, delivered or all");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        await using var unit = await database.Begin(cancellation);
        var backlog = await Backlog(unit, caller);
        if (await Refusal(unit, caller, webhookId, backlog) is { } refusal)
        {
            return refusal;
        }

        // One more than is taken tells where to go on.
        var found = await deliveries.Between(
            unit, webhookId, request.From!.Value.ToMicroseconds(), to.ToMicroseconds(), status, ReplayMax + 1);
        var taken = found.Take(ReplayMax).TakeWhile(_ => backlog.TryAdd(webhookId, caller.User)).ToList();
        foreach (var one in taken)
        {
            await Replay(unit, webhookId, one.Id, now);
        }

        audit.Write(unit, new AuditFact("webhook.replayed", $"webhook/{webhookId}"));
        await unit.Commit();
        return new WebhookReplayView(
            taken.Count, taken.Count < found.Count ? found[taken.Count].CreatedAt : null);
    }

    private async Task Replay(UnitOfWork unit, Guid webhookId, Guid id, DateTimeOffset now)
    {
        if (await deliveries.Replay(unit, webhookId, id, now, now - StuckAfter) is { } round)
        {
            await WebhookDispatch.Enqueue(unit, id, round, now);
        }
    }

    private async Task<WebhookBacklog> Backlog(UnitOfWork unit, Caller caller) =>
        new(options, await deliveries.CountWaiting(unit, [caller.User]));

    private async Task<Problem?> Refusal(UnitOfWork unit, Caller caller, Guid webhookId, WebhookBacklog backlog) =>
        await webhooks.Lock(unit, caller.User, webhookId) is not { } webhook || !MaySee(caller, webhook)
            ? WebhookProblems.NotFound()
            : !webhook.Settings.IsActive ? WebhookProblems.Inactive()
            : backlog.Waiting(webhookId) >= ReplayMax || backlog.IsFull(webhookId, caller.User)
                ? WebhookProblems.TooOften("As many deliveries as may be are on their way already.", Minute)
                : null;

    // The log of what concerns everyone is for admins, also when its owner is none any more.
    private static bool MaySee(Caller caller, Webhook webhook) =>
        !webhook.Settings.IsForAll || caller.Is(Role.Admin);
}

using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Services.Webhooks;

internal sealed class WebhookService(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IWebhookRepository webhooks,
    WebhookRules rules,
    WebhookConnections connections,
    WebhookVault vault,
    IAuditLog audit,
    TimeProvider time) : IWebhooks
{
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(3);

    public async Task<Result<WebhookView>> Create(
        Caller caller, CreateWebhook request, CancellationToken cancellation)
    {
        var faults = new Faults();
        var settings = rules.Check(request.ToDetails(), faults);
        if (await Refusal(caller, settings, faults, looksUp: true, cancellation) is { } refusal)
        {
            return refusal;
        }

        var now = time.Now();
        var id = Ids.New(now);
        var secret = WebhookSecret.New();
        await using var unit = await database.Begin(cancellation);
        while (true)
        {
            var taken = await webhooks.TakenSlots(unit, caller.User);
            if (taken.Count >= Webhook.OfOneUserMax)
            {
                return WebhookProblems.TooMany();
            }

            var webhook = new Webhook
            {
                Id = id,
                Owner = caller.User,
                Slot = Enumerable.Range(1, Webhook.OfOneUserMax).Except(taken).First(),
                Settings = settings!,
                Secrets = new WebhookSecrets(vault.Seal(id, secret)),
                CreatedAt = now,
            };
            // Who loses the slot to another request sees it taken at the next look.
            if (await webhooks.Insert(unit, webhook))
            {
                audit.Write(unit, webhook.ToAudit("created") with { After = webhook.ToJson() });
                await unit.Commit();
                return webhook.ToContract(now, secret.Reveal());
            }
        }
    }

    public async Task<Page<WebhookView>> List(Caller caller, PageRequest page, CancellationToken cancellation)
    {
        var found = await webhooks.List(caller.User, page, cancellation);
        var now = time.Now();
        return new Page<WebhookView>([.. found.Items.Select(webhook => webhook.ToContract(now))], found.Limit)
        {
            Number = found.Number,
            Total = found.Total,
            NextCursor = found.NextCursor,
        };
    }

    public async Task<Result<WebhookView>> Get(Caller caller, Guid id, CancellationToken cancellation) =>
        await webhooks.Find(caller.User, id, cancellation) is { } webhook
            ? webhook.ToContract(time.Now())
            : WebhookProblems.NotFound();

    public async Task<Result<WebhookView>> Update(
        Caller caller, Guid id, UpdateWebhook request, CancellationToken cancellation)
    {
        // Looked up before the transaction, which must wait for no name server.
        if (await webhooks.Find(caller.User, id, cancellation) is not { } seen)
        {
            return WebhookProblems.NotFound();
        }

        var faults = new Faults();
        var settings = rules.Check(request.ToDetails(seen.Settings), faults);
        if (await Refusal(caller, settings, faults, request.Url.IsGiven, cancellation) is { } refusal)
        {
            return refusal;
        }

        await using var unit = await database.Begin(cancellation);
        if (await webhooks.Lock(unit, caller.User, id) is not { } webhook)
        {
            return WebhookProblems.NotFound();
        }

        // Others may have changed what this patch says nothing of.
        settings = rules.Check(request.ToDetails(webhook.Settings), faults);
        if (await Refusal(caller, settings, faults, looksUp: false, cancellation) is { } late)
        {
            return late;
        }

        var before = webhook.ToJson();
        webhook = webhook.Change(settings!);
        await webhooks.Update(unit, webhook);
        audit.Write(unit, webhook.ToAudit("updated").Between(before, webhook.ToJson()));
        await unit.Commit();
        return webhook.ToContract(time.Now());
    }

    public async Task<Result<Done>> Delete(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await webhooks.Lock(unit, caller.User, id) is not { } webhook)
        {
            return WebhookProblems.NotFound();
        }

        await webhooks.Delete(unit, caller.User, id);
        audit.Write(unit, webhook.ToAudit("deleted") with { Before = webhook.ToJson() });
        await unit.Commit();
        return new Done();
    }

    public async Task<Result<WebhookSecretView>> RotateSecret(
        Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await webhooks.Lock(unit, caller.User, id) is not { } webhook)
        {
            return WebhookProblems.NotFound();
        }

        var secret = WebhookSecret.New();
        webhook = webhook.Rotate(vault.Seal(id, secret), time.Now());
        await webhooks.Update(unit, webhook);
        audit.Write(unit, webhook.ToAudit("secret-rotated"));
        await unit.Commit();
        return new WebhookSecretView(secret.Reveal(), webhook.Secrets.PreviousUntil!.Value);
    }

    private async Task<Problem?> Refusal(
        Caller caller, WebhookSettings? settings, Faults faults, bool looksUp, CancellationToken cancellation)
    {
        if (settings is not null && looksUp &&
            await LookUp(settings.Url, caller.User, faults, cancellation) is { } busy)
        {
            return busy;
        }

        return faults.Any ? faults.ToProblem()
            : settings!.IsForAll && !caller.Is(Role.Admin) ? WebhookProblems.OnlyAdmins()
            : null;
    }

    // Its owner hears now what would fail at every attempt; what counts is the look at each of them.
    private async Task<Problem?> LookUp(
        WebhookUrl url, UserId caller, Faults faults, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LookupTimeout);
        try
        {
            await connections.Resolve(url.Host, caller, patience.Token);
        }
        catch (WebhookTargetException refused)
        {
            faults.Add("url", refused.IsForbidden
                ? "must lead to the public internet; its host has an address that is not public"
                : "names a host that has no address");
        }
        catch (LookupBusyException busy)
        {
            return Problem.Busy(busy.Message, LookupTimeout);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            faults.Add("url", $"names a host whose address was not found within {LookupTimeout.TotalSeconds} s");
        }

        return null;
    }
}

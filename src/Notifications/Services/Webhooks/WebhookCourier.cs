using System.Security.Cryptography;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// Brings one delivery to its webhook, and writes down what became of it. The process may die at any line: an attempt
/// that was not written down is made again, under the same <c>webhook-id</c>.
/// </summary>
internal sealed partial class WebhookCourier(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IWebhookRepository webhooks,
    IWebhookDeliveryRepository deliveries,
    WebhookSender sender,
    WebhookVault vault,
    WebhookTurns turns,
    Dependencies dependencies,
    IAuditLog audit,
    WebhooksOptions options,
    TimeProvider time,
    ILogger<WebhookCourier> log)
{
    private static readonly TimeSpan OpenSpread = TimeSpan.FromSeconds(30);

    private readonly DependencyPolicy policy = new()
    {
        // The sender keeps its own time and knows better what came in it.
        AttemptTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds + 5),
        AttemptsMax = 1,
        ConcurrencyMax = options.HostConcurrency,
        IsOneOfMany = true,
        IsFailure = exception => exception is HostDownException or DependencyTimeoutException,
        SaysNothing = exception => exception is UnsentException,
    };

    public async Task Deliver(JobRun run, CancellationToken cancellation)
    {
        var job = DeliveryJob.Parse(run.Payload);
        if (await deliveries.FindDue(job.DeliveryId, job.Round, cancellation) is not { } due)
        {
            // It is over, or its webhook is gone.
            return;
        }

        if (due.NextAttemptAt > time.Now())
        {
            throw new JobPostponedException(due.NextAttemptAt, "It is not due yet.");
        }

        if (!due.IsTest && (!due.IsActive || due.IsPaused))
        {
            await GiveUp(
                due,
                due.IsPaused ? "The account of its owner is disabled." : "The webhook was switched off.",
                cancellation);
            return;
        }

        using var turn = turns.Take(due.Owner, due.IsFailing)
            ?? throw await Busy(due, "There are as many attempts under way as there may be.", cancellation);
        var answer = await Attempt(due, cancellation);
        if (await Record(due, answer, cancellation) is { } next)
        {
            throw new JobPostponedException(next, answer.Error!);
        }
    }

    private async Task<WebhookAnswer> Attempt(DueDelivery due, CancellationToken cancellation)
    {
        var now = time.Now();
        WebhookPost post;
        try
        {
            var signatures = vault.Sign(due.WebhookId, due.Secrets, due.Message, now);
            post = new WebhookPost(due.Url.Uri, due.Owner, due.Message.Id, now, signatures, due.Message.Body);
        }
        catch (CryptographicException)
        {
            LogUnsealed(due.WebhookId);
            const string unsealed = "Its secret cannot be opened; rotate it.";
            return new WebhookAnswer(TimeSpan.Zero) { Error = unsealed, IsOurs = true };
        }

        try
        {
            var dependency = dependencies.Get(WebhookDispatch.DependencyOf(due.Url, due.Owner), policy);
            return await dependency.Run(
                async token =>
                {
                    var answer = await sender.Send(post, token);
                    return answer.IsHostDown ? throw new HostDownException(answer)
                        : answer.IsOurs ? throw new UnsentException(answer.Error!)
                        : answer;
                },
                cancellation);
        }
        catch (HostDownException down)
        {
            return down.Answer;
        }
        catch (Exception exception) when (exception is DependencyBusyException or UnsentException)
        {
            throw await Busy(due, exception.Message, cancellation);
        }
        catch (DependencyOpenException open)
        {
            throw Later(open.RetryAfter, OpenSpread, open.Message);
        }
    }

    /// <summary>Answers when to try again; null when it is over.</summary>
    private async Task<DateTimeOffset?> Record(DueDelivery due, WebhookAnswer answer, CancellationToken cancellation)
    {
        var now = time.Now();
        var next = answer.IsDelivered || answer.IsGone || due.IsTest
            ? null
            : now + WebhookRetries.After(due.Attempts + 1, answer.RetryAfter, Random.Shared.NextDouble());
        var status = answer.IsDelivered ? DeliveryStatus.Delivered
            : next is null ? DeliveryStatus.Failed
            : DeliveryStatus.Pending;

        await using var unit = await database.Begin(cancellation);
        var disabled = await Judge(unit, due, answer, now);
        next = disabled is null ? next : null;
        status = disabled is null ? status : DeliveryStatus.Failed;
        var record = new AttemptRecord(status, answer, answer.Error, now, next?.ToMicroseconds());
        if (!await deliveries.Record(unit, due, record))
        {
            // Somebody began it anew meanwhile: that round says how it goes on.
            return null;
        }

        await unit.Commit();
        WebhookMetrics.Attempted(status, answer.Latency);
        LogAttempted(due.Id, due.WebhookId, status, answer.HttpStatus);
        return record.NextAttemptAt;
    }

    // The webhook before its deliveries: that is the order of locks.
    private async Task<DisabledWebhook?> Judge(
        UnitOfWork unit, DueDelivery due, WebhookAnswer answer, DateTimeOffset now)
    {
        var url = due.Url.Uri.AbsoluteUri;
        if (answer.IsDelivered)
        {
            await webhooks.Recovered(unit, due.WebhookId, url);
            return null;
        }

        if (due.IsTest || answer.IsOurs)
        {
            return null;
        }

        await webhooks.Failed(unit, due.WebhookId, url, now, now - Webhook.IdleAfter);
        var (reason, since) = answer.IsGone
            ? (Webhook.Gone, now)
            : (Webhook.Failing, now - TimeSpan.FromDays(options.DisableAfterDays));
        if (await webhooks.Disable(unit, due.WebhookId, url, reason, since, now) is not { } disabled)
        {
            return null;
        }

        await Outbox.Add(unit, new WebhookDisabledEvent(
            Ids.New(now), now, due.WebhookId, disabled.Owner.Value, url, reason, disabled.FailingSince));
        audit.Write(unit, new AuditFact("webhook.disabled", $"webhook/{due.WebhookId}")
        {
            After = $$"""{"active":false,"reason":"{{reason}}"}""",
        });
        LogDisabled(due.WebhookId, reason);
        return disabled;
    }

    private async Task GiveUp(DueDelivery due, string error, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var record = new AttemptRecord(DeliveryStatus.Failed, Answer: null, error, time.Now(), NextAttemptAt: null);
        if (await deliveries.Record(unit, due, record))
        {
            await unit.Commit();
        }
    }

    // A queue of thousands would otherwise ask for its few places thousands of times a second.
    private async Task<JobPostponedException> Busy(DueDelivery due, string reason, CancellationToken cancellation)
    {
        var waiting = due.IsTest
            ? 0
            : await deliveries.CountWaiting(due.WebhookId, WebhookRetries.WaitingCountMax, cancellation);
        var wait = WebhookRetries.WhileBusy(waiting, options.HostConcurrency);
        return Later(TimeSpan.FromSeconds(1), wait, reason);
    }

    private JobPostponedException Later(TimeSpan wait, TimeSpan spread, string reason) =>
        new(time.Now() + wait + (spread * Random.Shared.NextDouble()), reason);

    [LoggerMessage(8501, LogLevel.Information, "Delivery {DeliveryId} to webhook {WebhookId}: {Status} ({HttpStatus})")]
    private partial void LogAttempted(Guid deliveryId, Guid webhookId, string status, int? httpStatus);

    [LoggerMessage(8502, LogLevel.Warning, "Webhook {WebhookId} was switched off: {Reason}")]
    private partial void LogDisabled(Guid webhookId, string reason);

    [LoggerMessage(8503, LogLevel.Error, "The secret of webhook {WebhookId} cannot be opened: was the key changed?")]
    private partial void LogUnsealed(Guid webhookId);

    /// <summary>Nothing left this process.</summary>
    private sealed class UnsentException(string reason) : Exception(reason);

    /// <summary>Carries an answer past the breaker as the failure it is.</summary>
    private sealed class HostDownException(WebhookAnswer answer) : Exception(answer.Error)
    {
        public WebhookAnswer Answer { get; } = answer;
    }
}

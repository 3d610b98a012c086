using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Jobs.Mail;

/// <summary>
/// Sends one mail of its kind. SMTP knows no exactly once: between the server's yes and our note of it a crash makes
/// the mail go twice, with one Message-ID, by which receivers drop the second. A file in the pickup folder is written
/// over itself.
/// </summary>
internal sealed partial class MailSendJob(
    string mailKind,
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IMailRepository mails,
    MailSender sender,
    MailOptions options,
    TimeProvider time,
    ILogger<MailSendJob> log) : IJob
{
    private static readonly Counter<long> Attempts = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.mail.attempts", "{mail}", "Attempts to send a mail, by outcome.");

    // About two days, as long as mail servers try themselves.
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
        TimeSpan.FromHours(8), TimeSpan.FromHours(8), TimeSpan.FromHours(12), TimeSpan.FromHours(12),
    ];

    public string Kind => MailQueue.SendKind(mailKind);

    public string Module => NotificationsModule.DatabaseName;

    public JobPolicy Policy { get; } = new()
    {
        Delays = Waits,
        ConcurrencyMax = mailKind == MailKinds.Bulk ? options.BulkAtOnce : options.AtOnce,
        Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds + 30),
    };

    public async Task Run(JobRun run, CancellationToken cancellation)
    {
        var id = Guid.Parse(run.Payload);
        var now = time.Now();
        var attempt = await mails.Begin(id, now, now + Policy.Timeout, cancellation);
        if (attempt.HeldUntil is { } until)
        {
            throw new JobPostponedException(until, "Another worker sends it.");
        }

        if (attempt.Mail is not { } mail)
        {
            return;
        }

        try
        {
            await sender.Send(mail, now, cancellation);
        }
        catch (MailRefusedException refusal)
        {
            await End(run, mail, MailStates.Bounced, refusal.Message, cancellation);
            return;
        }
        catch (DependencyException refused) when (refused is DependencyOpenException or DependencyBusyException)
        {
            await mails.Withdraw(id, cancellation);
            throw new JobPostponedException(time.Now() + refused.RetryAfter, refused.Message);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            await Failed(run, mail, failure, cancellation);
            return;
        }

        await End(run, mail, MailStates.Sent, null, cancellation);
    }

    private async Task Failed(JobRun run, QueuedMail mail, Exception failure, CancellationToken cancellation)
    {
        var error = SmtpFaults.Describe(failure);
        // Bad rows and keys that were lost do not get better by waiting.
        if (run.IsLast || failure is MailUnsendableException or CryptographicException or JsonException
            or FormatException or ArgumentException)
        {
            await End(run, mail, MailStates.Failed, error, cancellation);
            return;
        }

        await mails.Release(mail.Id, error, cancellation);
        Count("retry");
        // The server's words may hold the address: they stay in the mail's row.
        throw new MailAttemptException($"{mail.Template} was not taken ({failure.GetType().Name}).");
    }

    private async Task End(JobRun run, QueuedMail mail, string state, string? error, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await mails.End(unit, mail.Id, state, error, time.Now(), options.ContentDays > 0);
        await run.Complete(unit, state);
        await unit.Commit();
        Count(state);
        if (state != MailStates.Sent)
        {
            LogNotSent(mail.Id, mail.Template, state);
        }
    }

    private static void Count(string outcome) =>
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(8101, LogLevel.Warning, "Mail {MailId} ({Template}) {State}; GET /admin/mail says why")]
    private partial void LogNotSent(Guid mailId, string template, string state);
}

/// <summary>A mail was not taken this time.</summary>
internal sealed class MailAttemptException(string reason) : Exception(reason);

using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Mail;

internal interface IMailRepository
{
    /// <summary>False where a mail of that key is there already.</summary>
    Task<bool> Insert(UnitOfWork unit, QueuedMail mail);

    /// <summary>
    /// Begins an attempt: the mail is the caller's until <paramref name="until"/>. Nothing of it where it is not
    /// queued any more.
    /// </summary>
    Task<MailAttempt> Begin(Guid id, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Ends an attempt that failed and may be made again.</summary>
    Task Release(Guid id, string error, CancellationToken cancellation);

    /// <summary>Ends an attempt that was not made, so that it does not count.</summary>
    Task Withdraw(Guid id, CancellationToken cancellation);

    /// <summary>Ends the mail, unless it has ended.</summary>
    Task End(UnitOfWork unit, Guid id, string state, string? error, DateTimeOffset now);

    /// <summary>Queues an ended mail again under another message id; one that is queued stays as it is.</summary>
    /// <returns>The mail; null where there is none.</returns>
    Task<MailView?> Requeue(UnitOfWork unit, Guid id, string messageId);

    /// <summary>Newest first; of one state where one is given.</summary>
    Task<Page<MailView>> List(PageRequest page, string? state, CancellationToken cancellation);

    /// <summary>How many are queued, and since when the oldest is.</summary>
    Task<(long Count, DateTimeOffset? Oldest)> Unsent(CancellationToken cancellation);

    /// <summary>Ends what is queued since before that time and has nobody who sends it any more.</summary>
    Task<int> GiveUp(DateTimeOffset before, DateTimeOffset now, string error, CancellationToken cancellation);

    /// <summary>Deletes ended mails from before that time, so many at most.</summary>
    Task<int> Prune(DateTimeOffset before, int limit, CancellationToken cancellation);
}

/// <summary>What came of beginning an attempt.</summary>
/// <param name="Mail">Null where there is nothing to send now.</param>
/// <param name="HeldUntil">Another worker has it until then; null where it has ended.</param>
internal sealed record MailAttempt(QueuedMail? Mail, DateTimeOffset? HeldUntil);

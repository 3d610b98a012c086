using Gatehouse.Foundation.Data;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Mails on their way.</summary>
internal interface IMailRepository
{
    /// <summary>
    /// Those whose key is not there yet, in their order; what is to be held back is written as suppressed.
    /// </summary>
    /// <param name="most">How many of a kind an address may have had since when; security is not counted.</param>
    Task<IReadOnlyList<AddedMail>> Insert(
        UnitOfWork unit, IReadOnlyList<QueuedMail> mails, (DateTimeOffset Since, int Max) most);

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
    /// <param name="keepsContent">Otherwise nobody can send it again.</param>
    Task End(UnitOfWork unit, Guid id, string state, string? error, DateTimeOffset now, bool keepsContent);

    /// <summary>
    /// Queues an ended mail again under another message id; one that is queued, or has no content any more, stays as
    /// it is.
    /// </summary>
    Task Requeue(UnitOfWork unit, Guid id, string messageId);
}

/// <summary>A mail that was written.</summary>
internal sealed class AddedMail
{
    public Guid Id { get; init; }

    public string State { get; init; } = "";
}

/// <summary>What came of beginning an attempt.</summary>
/// <param name="Mail">Null where there is nothing to send now.</param>
/// <param name="HeldUntil">Another worker has it until then; null where it has ended.</param>
internal sealed record MailAttempt(QueuedMail? Mail, DateTimeOffset? HeldUntil);

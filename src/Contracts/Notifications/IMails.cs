using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Notifications;

/// <summary>The mails that were and are to be sent; for administrators, since it names addresses.</summary>
public interface IMails
{
    /// <summary>Newest first; of one state where one is given. Code: <c>invalid_query</c>.</summary>
    Task<Result<Page<MailView>>> List(PageRequest page, string? state, CancellationToken cancellation);

    /// <summary>
    /// Sends it once more, as a mail of its own where it was sent already. Codes: <c>not_found</c>, <c>wrong_state</c>
    /// where what it said is not kept any more.
    /// </summary>
    Task<Result<MailView>> Resend(Guid id, CancellationToken cancellation);

    /// <summary>
    /// Sends a test mail now and answers where it went; throws <see cref="MailNotSentException"/> with what the server
    /// said. Code: <c>validation_failed</c>.
    /// </summary>
    Task<Result<string>> Test(string address, CancellationToken cancellation);

    /// <summary>What mails there are, by name.</summary>
    MailTemplatesView Templates { get; }

    /// <summary>A mail filled with sample data. Code: <c>not_found</c>.</summary>
    Result<MailPreview> Preview(string template, string? language);
}

/// <summary>A mail, without what it says.</summary>
/// <param name="Template">Such as <c>booking-confirmed</c>.</param>
/// <param name="Language">It is written in.</param>
/// <param name="To">The address.</param>
/// <param name="State"><c>queued</c>, <c>sent</c>, <c>bounced</c>, <c>failed</c> or <c>suppressed</c>: held back, since
/// its address has had enough within the hour or its account is disabled.</param>
/// <param name="Error">What the last attempt that failed was told, or why it is held back.</param>
public sealed record MailView(
    Guid Id,
    string Template,
    string Language,
    string To,
    string Subject,
    string State,
    int Attempts,
    string? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    string MessageId);

/// <summary>The mails there are, by name.</summary>
public sealed record MailTemplatesView(IReadOnlyList<MailTemplateView> Items);

/// <summary>A mail that there is.</summary>
/// <param name="Languages">It is written in.</param>
public sealed record MailTemplateView(string Name, IReadOnlyList<string> Languages);

/// <summary>A mail as it is read.</summary>
public sealed record MailPreview(string Subject, string Text, string Html);

/// <summary>A mail was not sent; the message is what the server or the system said.</summary>
public sealed class MailNotSentException(string reason, Exception inner) : Exception(reason, inner);

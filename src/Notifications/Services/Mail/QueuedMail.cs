namespace Gatehouse.Notifications.Services.Mail;

/// <summary>A mail that somebody is to get.</summary>
/// <param name="Key">The fact, the recipient and the template: what makes two of them the same mail.</param>
internal sealed record MailDraft(string Key, Guid? UserId, string Address, LocalTemplate Local, MailModel Model);

/// <summary>A mail as it is kept until it is sent, and a while after.</summary>
internal sealed record QueuedMail
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public Guid? UserId { get; init; }

    public required string Address { get; init; }

    public required string Template { get; init; }

    public required string Language { get; init; }

    public required string Subject { get; init; }

    public required string Model { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Without angle brackets. The same at each attempt, so that a receiver drops what it has already.
    /// </summary>
    public required string MessageId { get; init; }
}

/// <summary>Where a mail ends; until then it is queued.</summary>
internal static class MailStates
{
    public const string Queued = "queued";

    /// <summary>A server took it, or it is a file in the pickup folder.</summary>
    public const string Sent = "sent";

    /// <summary>The server refused its recipient, and would again.</summary>
    public const string Bounced = "bounced";

    /// <summary>It was tried often enough, or cannot be sent at all.</summary>
    public const string Failed = "failed";

    public static readonly IReadOnlyList<string> All = [Queued, Sent, Bounced, Failed];
}

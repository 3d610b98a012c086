namespace Gatehouse.Notifications.Services.Mail;

/// <summary>A mail that somebody is to get.</summary>
/// <param name="Key">The fact, the recipient and the template: what makes two of them the same mail.</param>
/// <param name="Kind">Of <see cref="MailKinds"/>.</param>
internal sealed record MailDraft(
    string Key, Guid? UserId, string Address, LocalTemplate Local, MailModel Model, string Kind);

/// <summary>A mail as it is kept until it is sent, and a while after.</summary>
internal sealed record QueuedMail
{
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    public Guid? UserId { get; init; }

    public required string Address { get; init; }

    public required string Template { get; init; }

    public required string Language { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required string Model { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Without angle brackets. The same at each attempt, so that a receiver drops what it has already.
    /// </summary>
    public required string MessageId { get; init; }
}

/// <summary>What a mail may be held back for, and behind which others it may wait.</summary>
internal static class MailKinds
{
    /// <summary>Of an account: never held back, since its owner waits for it or must hear of it.</summary>
    public const string Security = "security";

    /// <summary>Of what somebody did or has, such as a booking.</summary>
    public const string Personal = "personal";

    /// <summary>Told to many at once.</summary>
    public const string Bulk = "bulk";

    public static readonly IReadOnlyList<string> All = [Security, Personal, Bulk];
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

    /// <summary>Held back: its address has had enough within the hour, or its account is disabled.</summary>
    public const string Suppressed = "suppressed";

    public static readonly IReadOnlyList<string> All = [Queued, Sent, Bounced, Failed, Suppressed];
}

using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>A user's URL that receives integration events, signed.</summary>
internal sealed record Webhook
{
    public const int OfOneUserMax = 20;
    public const string Gone = "gone";
    public const string Failing = "failing";
    public const string NotAdmin = "not_admin";

    /// <summary>
    /// Failures so far apart are not of one time of failing: longer than the longest wait between two attempts.
    /// </summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromHours(27);

    private static readonly TimeSpan PreviousSecretFor = TimeSpan.FromHours(24);

    public required Guid Id { get; init; }

    public required UserId Owner { get; init; }

    /// <summary>Which of the 20 of its owner it is: what keeps them 20, since no two have the same.</summary>
    public required int Slot { get; init; }

    public required WebhookSettings Settings { get; init; }

    public required WebhookSecrets Secrets { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The first of the failures since anything was delivered last, or since a day without any.
    /// </summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When Gatehouse switched it off; null where its owner did it, or it is on.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    /// <summary>With another address, or switched on again, it has a clean record.</summary>
    public Webhook Change(WebhookSettings settings) =>
        settings.Url != Settings.Url || (settings.IsActive && !Settings.IsActive)
            ? this with { Settings = settings, FailingSince = null, DisabledAt = null, DisabledReason = null }
            : this with { Settings = settings };

    public Webhook Rotate(string sealedSecret, DateTimeOffset now) => this with
    {
        Secrets = new WebhookSecrets(sealedSecret, Secrets.Current, now + PreviousSecretFor),
    };
}

/// <summary>The secrets as they are stored: sealed.</summary>
/// <param name="Current">Signs.</param>
/// <param name="Previous">Signs as well until its time is over.</param>
internal sealed record WebhookSecrets(string Current, string? Previous = null, DateTimeOffset? PreviousUntil = null)
{
    public IReadOnlyList<string> At(DateTimeOffset now) =>
        Previous is not null && PreviousUntil > now ? [Current, Previous] : [Current];
}

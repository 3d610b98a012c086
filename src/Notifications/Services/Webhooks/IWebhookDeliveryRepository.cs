using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>Deliveries that remain to be sent.</summary>
internal interface IWebhookDeliveryRepository
{
    /// <summary>Answers which are new: a webhook has a message once.</summary>
    Task<IReadOnlySet<Guid>> Insert(UnitOfWork unit, IReadOnlyList<NewDelivery> made, DateTimeOffset now);

    /// <summary>What is to be sent, if it still is in that round and its webhook is there.</summary>
    Task<DueDelivery?> FindDue(Guid id, int round, CancellationToken cancellation);

    /// <summary>False where it is over, or in another round.</summary>
    Task<bool> Record(UnitOfWork unit, DueDelivery delivery, AttemptRecord attempt);

    /// <summary>How many are pending of each webhook of these owners that has any.</summary>
    Task<IReadOnlyList<WaitingCount>> CountWaiting(UnitOfWork unit, IReadOnlyCollection<UserId> owners);

    /// <summary>How many are pending of a webhook; the count ends at <paramref name="max"/>.</summary>
    Task<int> CountWaiting(Guid webhookId, int max, CancellationToken cancellation);

    /// <summary>
    /// Begins it anew; answers the round, null where there is no such or it is pending, unless it should have been sent
    /// before <paramref name="stuckBefore"/>.
    /// </summary>
    Task<int?> Replay(UnitOfWork unit, Guid webhookId, Guid id, DateTimeOffset now, DateTimeOffset stuckBefore);

    /// <summary>Those that are over and may be sent again, oldest first; of that status, or <c>all</c>.</summary>
    Task<IReadOnlyList<ReplayCandidate>> Between(
        UnitOfWork unit, Guid webhookId, DateTimeOffset from, DateTimeOffset to, string status, int limit);
}

/// <summary>One delivery with what its webhook says now.</summary>
internal sealed record DueDelivery
{
    public required Guid Id { get; init; }

    public required int Round { get; init; }

    /// <summary>In this round.</summary>
    public required int Attempts { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    public required Guid WebhookId { get; init; }

    public required UserId Owner { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The account of its owner is disabled.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>The last attempt at its webhook failed.</summary>
    public required bool IsFailing { get; init; }

    public required WebhookUrl Url { get; init; }

    public required WebhookSecrets Secrets { get; init; }

    public required WebhookMessage Message { get; init; }

    /// <summary>Sent once, whatever comes of it, and nothing is concluded from it.</summary>
    public bool IsTest => Message.Type == WebhookCatalog.Test;
}

/// <summary>What an attempt found.</summary>
/// <param name="Status"><c>delivered</c>, <c>failed</c>, or <c>pending</c> with the time of the next.</param>
/// <param name="Answer">Null where it was given up without an attempt.</param>
internal sealed record AttemptRecord(
    string Status, WebhookAnswer? Answer, string? Error, DateTimeOffset At, DateTimeOffset? NextAttemptAt);

/// <summary>A delivery to be written.</summary>
/// <param name="Refusal">Why it is over before it has begun; null where it is to be sent.</param>
internal sealed record NewDelivery(Guid Id, Guid WebhookId, WebhookMessage Message, string? Refusal = null);

/// <summary>How many deliveries of a webhook are pending.</summary>
internal sealed class WaitingCount
{
    public Guid WebhookId { get; init; }

    public Guid UserId { get; init; }

    public int Waiting { get; init; }
}

/// <summary>A delivery that may be sent again.</summary>
internal sealed class ReplayCandidate
{
    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

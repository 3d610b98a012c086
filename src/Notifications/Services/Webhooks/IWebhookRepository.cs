using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// Webhooks as they are stored. Whoever changes one and its deliveries in a transaction touches the webhook first:
/// one order, no deadlock.
/// </summary>
internal interface IWebhookRepository
{
    /// <summary>Those of an owner's slots that are taken.</summary>
    Task<IReadOnlyList<int>> TakenSlots(UnitOfWork unit, UserId owner);

    /// <summary>False where the slot is taken.</summary>
    Task<bool> Insert(UnitOfWork unit, Webhook webhook);

    Task<Page<Webhook>> List(UserId owner, PageRequest page, CancellationToken cancellation);

    Task<Webhook?> Find(UserId owner, Guid id, CancellationToken cancellation);

    /// <summary>As it is now, kept so until the transaction ends; null where the owner has no such.</summary>
    Task<Webhook?> Lock(UnitOfWork unit, UserId owner, Guid id);

    /// <summary>Writes back one that was locked.</summary>
    Task Update(UnitOfWork unit, Webhook webhook);

    /// <summary>Deletes one that was locked.</summary>
    Task Delete(UnitOfWork unit, UserId owner, Guid id);

    Task<bool> IsAnyActive(UnitOfWork unit);

    /// <summary>Whose events they are, of those that this module has heard of.</summary>
    Task<IReadOnlyDictionary<Guid, Guid>> FindOrganizers(UnitOfWork unit, IReadOnlyCollection<Guid> events);

    /// <summary>
    /// The active ones of these users, and those that get everything; none of accounts that are disabled.
    /// </summary>
    Task<IReadOnlyList<Subscription>> Active(UnitOfWork unit, IReadOnlyCollection<Guid> users);

    /// <summary>It had begun to fail and something was delivered.</summary>
    Task Recovered(UnitOfWork unit, Guid id, string url);

    /// <summary>It failed; the first time stays, unless it failed last before <paramref name="idleBefore"/>.</summary>
    Task Failed(UnitOfWork unit, Guid id, string url, DateTimeOffset at, DateTimeOffset idleBefore);

    /// <summary>Switches those off that get everything while their owner is known as no admin.</summary>
    Task<IReadOnlyList<Guid>> DisableForAll(UnitOfWork unit, Guid owner, string reason, DateTimeOffset now);

    /// <summary>
    /// Switches it off if it is on, still goes to that URL and has failed since <paramref name="failingBefore"/> or
    /// longer; null where not.
    /// </summary>
    Task<DisabledWebhook?> Disable(
        UnitOfWork unit, Guid id, string url, string reason, DateTimeOffset failingBefore, DateTimeOffset now);
}

/// <summary>A webhook as one who has something to send sees it.</summary>
/// <param name="IsForAll">It gets what concerns everyone.</param>
internal sealed record Subscription(Guid Id, UserId Owner, bool IsForAll, WebhookUrl Url, WebhookEvents Events);

/// <summary>Whom to tell that nothing is sent there any more.</summary>
internal sealed record DisabledWebhook(UserId Owner, DateTimeOffset FailingSince);

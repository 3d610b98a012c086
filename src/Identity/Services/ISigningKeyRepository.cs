using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity.Services;

internal interface ISigningKeyRepository
{
    /// <summary>Announced in the database when they have changed.</summary>
    const string Topic = "signing_keys";

    /// <summary>
    /// Keeps the first key, unless there is one: of several instances that start at once, one succeeds.
    /// </summary>
    Task AddFirst(SigningKey key, CancellationToken cancellation);

    /// <summary>
    /// Has the key follow the one that signs: that one retires when this one begins. False, and nothing is changed,
    /// unless the one that signs began before <paramref name="begunBefore"/>; so another instance may have done it.
    /// </summary>
    Task<bool> Follow(SigningKey next, DateTimeOffset begunBefore, CancellationToken cancellation);

    /// <summary>
    /// Deletes every key but this one, which takes their place: what they signed is void. Also one that another
    /// instance makes at the same moment.
    /// </summary>
    Task Replace(SigningKey next, CancellationToken cancellation);

    /// <summary>Deletes those that retired before; answers how many.</summary>
    Task<int> Prune(DateTimeOffset retiredBefore, CancellationToken cancellation);

    /// <summary>Every key, the newest first.</summary>
    Task<IReadOnlyList<SigningKey>> All(CancellationToken cancellation);
}

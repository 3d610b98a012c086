using Gatehouse.Foundation.Data;

namespace Gatehouse.Gateway.Registry;

/// <summary>Where registrations are kept: in this process, or in what several gateways share.</summary>
internal interface IMemberStore
{
    /// <summary>Of one cluster.</summary>
    const int MembersMax = 500;

    /// <summary>Set when a member came, went or is another; not when one merely renewed its lease.</summary>
    Signal Changed { get; }

    /// <summary>Adds a member or replaces it, with a whole lease. Null: the cluster has as many as it may.</summary>
    Task<StoredMember?> Put(Member member, CancellationToken cancellation);

    /// <summary>
    /// A whole lease from now, for each. Who is not in the answer is not there, or its lease has run out already.
    /// </summary>
    Task<IReadOnlyDictionary<MemberKey, RenewedLease>> Renew(
        IReadOnlyCollection<MemberKey> keys, CancellationToken cancellation);

    /// <summary>False: it was not there.</summary>
    Task<bool> Remove(MemberKey key, CancellationToken cancellation);

    /// <summary>All of them; those whose lease has run out too, as long as they are not pruned.</summary>
    Task<IReadOnlyList<StoredMember>> All(CancellationToken cancellation);

    /// <summary>Drops those whose lease ran out so long ago.</summary>
    Task<int> Prune(TimeSpan age, CancellationToken cancellation);
}

internal sealed record RenewedLease(int LeaseSeconds, DateTimeOffset ExpiresAt);

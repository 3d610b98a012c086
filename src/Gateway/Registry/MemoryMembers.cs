using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Registry;

/// <summary>For one gateway: a lease is seconds, so after a start all are there again as soon as they renew.</summary>
internal sealed class MemoryMembers(TimeProvider time) : IMemberStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<MemberKey, Entry> entries = [];

    public Signal Changed { get; } = new();

    public Task<StoredMember?> Put(Member member, CancellationToken cancellation)
    {
        Entry entry;
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (!entries.ContainsKey(member.Key) &&
                entries.Count(e => e.Key.Cluster == member.Key.Cluster && LeftOf(e.Value, now) > TimeSpan.Zero) >=
                IMemberStore.MembersMax)
            {
                return Task.FromResult<StoredMember?>(null);
            }

            entry = new Entry(member, time.Now(), now);
            entries[member.Key] = entry;
        }

        Changed.Set();
        return Task.FromResult<StoredMember?>(Stored(entry, member.Lease));
    }

    public Task<IReadOnlyDictionary<MemberKey, RenewedLease>> Renew(
        IReadOnlyCollection<MemberKey> keys, CancellationToken cancellation)
    {
        var renewed = new Dictionary<MemberKey, RenewedLease>();
        lock (gate)
        {
            var now = time.GetTimestamp();
            foreach (var key in keys)
            {
                if (entries.TryGetValue(key, out var entry) && LeftOf(entry, now) > TimeSpan.Zero)
                {
                    entries[key] = entry with { RenewedAt = now };
                    renewed[key] = new RenewedLease(entry.Member.LeaseSeconds, time.Now() + entry.Member.Lease);
                }
            }
        }

        return Task.FromResult<IReadOnlyDictionary<MemberKey, RenewedLease>>(renewed);
    }

    public Task<bool> Remove(MemberKey key, CancellationToken cancellation)
    {
        bool removed;
        lock (gate)
        {
            removed = entries.Remove(key);
        }

        if (removed)
        {
            Changed.Set();
        }

        return Task.FromResult(removed);
    }

    public Task<IReadOnlyList<StoredMember>> All(CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            return Task.FromResult<IReadOnlyList<StoredMember>>(
                [.. entries.Values.Select(entry => Stored(entry, LeftOf(entry, now)))]);
        }
    }

    public Task<int> Prune(TimeSpan age, CancellationToken cancellation)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            var old = entries.Where(entry => LeftOf(entry.Value, now) < -age).Select(entry => entry.Key).ToList();
            old.ForEach(key => entries.Remove(key));
            return Task.FromResult(old.Count);
        }
    }

    // By how much time has passed: a clock that is set ends no lease.
    private TimeSpan LeftOf(Entry entry, long now) =>
        entry.Member.Lease - time.GetElapsedTime(entry.RenewedAt, now);

    private StoredMember Stored(Entry entry, TimeSpan left) =>
        new(entry.Member, entry.RegisteredAt, (time.GetUtcNow() + left).ToMicroseconds(), left);

    private sealed record Entry(Member Member, DateTimeOffset RegisteredAt, long RenewedAt);
}

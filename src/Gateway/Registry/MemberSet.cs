namespace Gatehouse.Gateway.Registry;

/// <summary>
/// The members that this gateway asks. What the store says counts, but for a store that was lost: while it does not
/// answer, all stay; and when it answers again, whoever had no way to renew its lease meanwhile gets the time of one
/// more to do so.
/// </summary>
internal sealed class MemberSet(TimeProvider time)
{
    private readonly Dictionary<MemberKey, Kept> kept = [];
    private volatile Loss? loss;
    private volatile IReadOnlyList<StoredMember> current = [];

    /// <summary>In the order of their clusters and ids.</summary>
    public IReadOnlyList<StoredMember> Current => current;

    /// <summary>For how long the store has not answered.</summary>
    public TimeSpan LostFor => loss is { } since ? time.GetElapsedTime(since.At) : TimeSpan.Zero;

    public bool IsLost => loss is not null;

    /// <summary>The store did not answer. True: it had answered before.</summary>
    public bool Lose()
    {
        var isNew = loss is null;
        loss ??= new Loss(time.GetTimestamp());
        return isNew;
    }

    /// <summary>The store answered.</summary>
    public void Take(IReadOnlyList<StoredMember> stored)
    {
        var now = time.GetTimestamp();
        var rows = stored.ToDictionary(member => member.Member.Key);
        if (loss is not null)
        {
            loss = null;
            foreach (var member in current)
            {
                kept[member.Member.Key] = new Kept(now, rows.ContainsKey(member.Member.Key));
            }
        }

        current =
        [
            .. stored.Where(member => member.IsLive || IsKept(member, now))
                .Concat(current.Where(member => !rows.ContainsKey(member.Member.Key) && IsOrphan(member, now)))
                .OrderBy(member => member.Member.Key.Cluster, StringComparer.Ordinal)
                .ThenBy(member => member.Member.Key.Id, StringComparer.Ordinal),
        ];
        foreach (var over in kept.Keys.Except(current.Select(member => member.Member.Key)).ToList())
        {
            kept.Remove(over);
        }
    }

    private bool IsKept(StoredMember member, long now) =>
        kept.TryGetValue(member.Member.Key, out var since) && IsInGrace(member, since, now);

    // One that the store knew when it came back, and knows no more, went by itself.
    private bool IsOrphan(StoredMember member, long now) =>
        kept.TryGetValue(member.Member.Key, out var since) && !since.WasStored && IsInGrace(member, since, now);

    private bool IsInGrace(StoredMember member, Kept since, long now) =>
        time.GetElapsedTime(since.At, now) < member.Member.Lease;

    private sealed record Loss(long At);

    /// <param name="At">When the store came back.</param>
    private readonly record struct Kept(long At, bool WasStored);
}

namespace Gatehouse.Gateway.Registry;

/// <summary>
/// The members that this gateway asks. What the store says counts, but for a store that was lost: while it does not
/// answer or cannot be written, all stay; and when it is whole again, whoever had no way to renew its lease meanwhile
/// gets the time of one more to do so.
/// </summary>
internal sealed class MemberSet(TimeProvider time)
{
    private readonly Dictionary<MemberKey, Kept> kept = [];
    private volatile Loss? loss;
    private volatile bool isUnwritten;
    private volatile bool isUnread;
    private bool isFirst = true;
    private volatile IReadOnlyList<StoredMember> current = [];

    /// <summary>In the order of their clusters and ids.</summary>
    public IReadOnlyList<StoredMember> Current => current;

    /// <summary>For how long the store has not answered, or not been written.</summary>
    public TimeSpan LostFor => loss is { } since ? time.GetElapsedTime(since.At) : TimeSpan.Zero;

    public bool IsLost => loss is not null;

    /// <summary>The store did not answer. True: nothing was wrong with it before.</summary>
    public bool Lose()
    {
        isUnread = true;
        return Begin();
    }

    /// <summary>A write failed. That rows can still be read says nothing: nobody can renew.</summary>
    public void LoseWrites()
    {
        isUnwritten = true;
        Begin();
    }

    public void Wrote() => isUnwritten = false;

    /// <summary>Who is asked here would go, if the store is right.</summary>
    public bool Loses(IReadOnlyList<StoredMember> stored)
    {
        var over = stored.Where(member => !member.IsLive).Select(member => member.Member.Key).ToHashSet();
        return over.Count > 0 && current.Any(member => over.Contains(member.Member.Key));
    }

    /// <summary>The store answered.</summary>
    public void Take(IReadOnlyList<StoredMember> stored)
    {
        var now = time.GetTimestamp();
        var rows = stored.ToDictionary(member => member.Member.Key);
        if (loss is not null)
        {
            KeepAll(rows, now);
        }

        if (isFirst)
        {
            // This gateway was away, and maybe it was the only one to renew with.
            isFirst = false;
            foreach (var member in stored.Where(member => !member.IsLive && member.Left > -RegistryFollower.PruneAge))
            {
                kept[member.Member.Key] = new Kept(now, WasStored: true);
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

    private bool Begin()
    {
        var isNew = loss is null;
        loss ??= new Loss(time.GetTimestamp());
        return isNew;
    }

    private void KeepAll(Dictionary<MemberKey, StoredMember> rows, long now)
    {
        // While rows are read, who is missing went by itself.
        var wasRead = !isUnread;
        isUnread = false;
        foreach (var key in current.Select(member => member.Member.Key))
        {
            var isOrphan = kept.TryGetValue(key, out var since) && !since.WasStored;
            kept[key] = new Kept(now, rows.ContainsKey(key) || (wasRead && !isOrphan));
        }

        if (!isUnwritten)
        {
            loss = null;
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

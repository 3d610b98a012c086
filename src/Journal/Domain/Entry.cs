using Gatehouse.Kernel;

namespace Gatehouse.Journal.Domain;

/// <summary>One line of a journal. Deleted, it can be had back for a day.</summary>
internal sealed class Entry(
    EntryId id,
    UserId owner,
    CheckedEntry details,
    int version,
    DateTimeOffset createdAt,
    DateTimeOffset updatedAt,
    DateTimeOffset? deletedAt)
{
    /// <summary>How long one that was deleted is kept.</summary>
    public static readonly TimeSpan RestorableFor = TimeSpan.FromDays(1);

    public EntryId Id => id;

    public UserId Owner => owner;

    public CheckedEntry Details { get; private set; } = details;

    /// <summary>One more at every change, from 1.</summary>
    public int Version { get; private set; } = version;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = updatedAt;

    public DateTimeOffset? DeletedAt { get; private set; } = deletedAt;

    public bool IsLive => DeletedAt is null;

    public static Entry Write(UserId owner, CheckedEntry details, DateTimeOffset now) =>
        new(EntryId.New(now), owner, details, version: 1, createdAt: now, updatedAt: now, deletedAt: null);

    public void Change(CheckedEntry next, DateTimeOffset now)
    {
        Details = next;
        Turn(now);
    }

    public void Delete(DateTimeOffset now)
    {
        DeletedAt = now;
        Turn(now);
    }

    public bool IsRestorable(DateTimeOffset now) => now - DeletedAt < RestorableFor;

    public void Restore(DateTimeOffset now)
    {
        DeletedAt = null;
        Turn(now);
    }

    private void Turn(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }
}

using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>A login: a line of refresh tokens, numbered by generation.</summary>
internal sealed class Session
{
    /// <summary>
    /// How long the token before the newest is good once more: for a client whose answer was lost, and for two tabs
    /// that refresh at once. Only one generation back, or a thief could stay alongside.
    /// </summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private Session(SessionId id, UserId user)
    {
        Id = id;
        User = user;
    }

    public SessionId Id { get; }

    public UserId User { get; }

    /// <summary>Of the newest refresh token; 0 from the login.</summary>
    public int Generation { get; private init; }

    /// <summary>When the newest generation began.</summary>
    public DateTimeOffset RefreshedAt { get; private init; }

    /// <summary>When it ends however much it is used.</summary>
    public DateTimeOffset ExpiresAt { get; private init; }

    public DateTimeOffset? EndedAt { get; private init; }

    public static Session Start(UserId user, SessionLimits limits, DateTimeOffset now) =>
        new(SessionId.New(now), user) { RefreshedAt = now, ExpiresAt = now + limits.Life };

    public static Session Of(
        SessionId id,
        UserId user,
        int generation,
        DateTimeOffset refreshedAt,
        DateTimeOffset expiresAt,
        DateTimeOffset? endedAt) =>
        new(id, user)
        {
            Generation = generation,
            RefreshedAt = refreshedAt,
            ExpiresAt = expiresAt,
            EndedAt = endedAt,
        };

    /// <summary>When it ends unless it is refreshed.</summary>
    public DateTimeOffset EndsAt(SessionLimits limits) =>
        RefreshedAt + limits.Idle < ExpiresAt ? RefreshedAt + limits.Idle : ExpiresAt;

    public bool IsOver(SessionLimits limits, DateTimeOffset now) =>
        EndedAt is not null || now >= ExpiresAt || now - RefreshedAt >= limits.Idle;

    /// <summary>What a refresh token means that is not of the newest generation any more.</summary>
    public SpentToken Judge(int tokenGeneration, DateTimeOffset now) =>
        tokenGeneration == Generation - 1 && now - RefreshedAt <= Leeway ? SpentToken.InLeeway : SpentToken.Reused;
}

internal enum SpentToken
{
    /// <summary>A moment too late: its holder gets a sibling of the newest token.</summary>
    InLeeway,

    /// <summary>Two hold the same token: the session must end.</summary>
    Reused,
}

/// <summary>How long sessions live.</summary>
/// <param name="Idle">Without a refresh.</param>
/// <param name="Life">In any case.</param>
internal sealed record SessionLimits(TimeSpan Idle, TimeSpan Life);

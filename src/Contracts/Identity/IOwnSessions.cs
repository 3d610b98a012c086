using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>What an account may see of its own logins and do to them.</summary>
public interface IOwnSessions
{
    /// <summary>Those that go on, the one used last first; an account has 100 at most.</summary>
    Task<OwnSessions> List(Caller caller, CancellationToken cancellation);

    /// <summary>
    /// Ends one, this one too; nothing more when it is over already. Problems: <c>not_found</c>, the same for one
    /// of somebody else.
    /// </summary>
    Task<Result<Done>> End(Caller caller, SessionId session, CancellationToken cancellation);

    /// <summary>Ends all but this one.</summary>
    Task EndOthers(Caller caller, CancellationToken cancellation);

    /// <summary>
    /// Shows the password (and a code, where there is a second factor) again in this session, for what asks for
    /// <c>reauth_required</c>. Problems: <c>validation_failed</c>; <c>invalid_credentials</c>;
    /// <c>second_factor_required</c> and <c>invalid_code</c>, only after the right password; <c>invalid_token</c> when
    /// the session is over; <c>rate_limited</c>; <c>busy</c>.
    /// </summary>
    Task<Result<Done>> Reauthenticate(Caller caller, ReauthenticateRequest request, CancellationToken cancellation);
}

public sealed record OwnSessions(IReadOnlyList<OwnSession> Items);

/// <summary>A login as its owner sees it.</summary>
public sealed record OwnSession
{
    public required Guid Id { get; init; }

    /// <summary>What its client says it is, such as <c>Firefox on Linux</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Where its client last was on the network.</summary>
    public string? Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last got an access token.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it ends unless it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The one that asks.</summary>
    public required bool Current { get; init; }
}

public sealed record ReauthenticateRequest
{
    public string? Password { get; init; }

    /// <summary>
    /// Where the account has a second factor: what the authenticator app shows, or a recovery code.
    /// </summary>
    public string? Code { get; init; }

    public override string ToString() => nameof(ReauthenticateRequest);
}

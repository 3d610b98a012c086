using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// Logins. A session is a family of refresh tokens, of which only the newest is good; it ends by logout, after 30
/// days without use, after 90 days in any case, and at once when a spent refresh token comes back (the settings of
/// <c>Identity</c>).
/// </summary>
public interface ISessions
{
    /// <summary>
    /// Starts a session. Problems: <c>validation_failed</c>; <c>invalid_credentials</c>, the same for a wrong
    /// password, an unknown address and a disabled account; <c>email_unverified</c>, where addresses have to be
    /// confirmed, <c>second_factor_required</c> and <c>invalid_code</c>, only after the right password;
    /// <c>rate_limited</c> after too many wrong ones from this address or for this account, unless from a device of its
    /// owner; <c>busy</c> when too many passwords wait to be checked.
    /// </summary>
    Task<Result<TokenGrant>> Login(LoginRequest request, CancellationToken cancellation);

    /// <summary>
    /// Changes a refresh token for a new pair. The token before the newest is accepted for 10 s more, for clients
    /// that lost the answer. Problems: <c>validation_failed</c>; <c>invalid_refresh_token</c> when it is unknown or
    /// its session is over; <c>refresh_reused</c> when it was spent before, which ends the session.
    /// </summary>
    Task<Result<TokenGrant>> Refresh(RefreshRequest request, CancellationToken cancellation);

    /// <summary>Ends a session; does nothing when it is over already. Its refresh tokens are dead at once.</summary>
    Task Logout(SessionId session, CancellationToken cancellation);

    /// <summary>The same for the session of a refresh token, spent or not; does nothing when there is none.</summary>
    Task Logout(string refreshToken, CancellationToken cancellation);
}

public sealed record LoginRequest
{
    public string? Email { get; init; }

    public string? Password { get; init; }

    /// <summary>
    /// Where the account has a second factor: what the authenticator app shows, or a recovery code.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The <see cref="TokenGrant.DeviceToken"/> of an earlier login on this device.</summary>
    public string? DeviceToken { get; init; }

    /// <summary>For browsers: refresh and device token go into cookies that no script can read.</summary>
    public bool Cookie { get; init; }

    public override string ToString() => nameof(LoginRequest);
}

public sealed record RefreshRequest
{
    /// <summary>Without one the cookie is read.</summary>
    public string? RefreshToken { get; init; }

    public override string ToString() => nameof(RefreshRequest);
}

/// <summary>What a session gives its holder.</summary>
public sealed record TokenGrant
{
    /// <summary>A JWT, <c>typ</c> <c>at+jwt</c> as in RFC 9068, for the Authorization header.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Always <c>Bearer</c>.</summary>
    public string TokenType { get; init; } = "Bearer";

    /// <summary>Life of the access token in seconds.</summary>
    public required int ExpiresIn { get; init; }

    /// <summary>256 random bits in base64url; good for one refresh. Absent where it is in a cookie.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>Seconds until the refresh token is good for nothing, unless it is used.</summary>
    public int RefreshExpiresIn { get; init; }

    /// <summary>
    /// Of a login: 256 random bits in base64url that tell this device from others. Keep it and send it with each login
    /// of this account. Absent where it is in a cookie.
    /// </summary>
    public string? DeviceToken { get; init; }

    public required AccountView User { get; init; }

    public override string ToString() => nameof(TokenGrant);
}

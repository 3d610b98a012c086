using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class SessionService(
    IUserRepository users,
    ISessionRepository sessions,
    PasswordService passwords,
    SecondFactorCheck secondFactor,
    AccessTokenService accessTokens,
    IdentityOptions options,
    TimeProvider time,
    ILogger<SessionService> log) : ISessions
{
    private readonly SessionLimits limits =
        new(TimeSpan.FromDays(options.SessionIdleDays), TimeSpan.FromDays(options.SessionDays));

    public async Task<Result<TokenGrant>> Login(LoginRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        var email = EmailAddress.Parse(request.Email, faults);
        var password = Password.Typed(request.Password, faults);
        if (email is null || password is null)
        {
            return faults.ToProblem();
        }

        var user = await users.Find(email, cancellation);
        var verdict = await passwords.Verify(password, user?.PasswordHash, cancellation);
        if (verdict.Failed(out var busy))
        {
            return busy;
        }

        if (user is null || user.DisabledAt is not null || verdict.Value == PasswordVerdict.Wrong)
        {
            LogRefused(user?.Id);
            await sessions.Refuse(user?.Id, cancellation);
            return IdentityProblems.InvalidCredentials;
        }

        if (options.RequireVerifiedEmail && user.EmailVerifiedAt is null)
        {
            await sessions.Refuse(user.Id, cancellation);
            return IdentityProblems.EmailUnverified;
        }

        if (await secondFactor.Refusal(user, request.Code, cancellation) is { } missing)
        {
            LogRefused(user.Id);
            await sessions.Refuse(user.Id, cancellation);
            return missing;
        }

        if (verdict.Value == PasswordVerdict.RightButWeak)
        {
            await Rehash(user, password, cancellation);
        }

        var session = Session.Start(user.Id, limits, time.Now());
        var first = RefreshToken.New();
        await sessions.Add(session, first, cancellation);
        LogStarted(user.Id, session.Id);
        return await Grant(user, session.Id, first, cancellation);
    }

    public async Task<Result<TokenGrant>> Refresh(RefreshRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (!faults.Require(!string.IsNullOrEmpty(request.RefreshToken), "refreshToken", "is required"))
        {
            return faults.ToProblem();
        }

        if (RefreshToken.ParseOrNull(request.RefreshToken) is not { } spent)
        {
            return IdentityProblems.InvalidRefreshToken;
        }

        var next = RefreshToken.New();
        var (outcome, session) = await sessions.Refresh(spent, next, limits, time.Now(), cancellation);
        if (outcome == RefreshOutcome.Reused)
        {
            LogReused(session!.User, session.Id);
            return IdentityProblems.RefreshReused;
        }

        return outcome == RefreshOutcome.Renewed && await users.Find(session!.User, cancellation) is { } user
            ? await Grant(user, session.Id, next, cancellation)
            : IdentityProblems.InvalidRefreshToken;
    }

    public async Task Logout(SessionId session, CancellationToken cancellation)
    {
        await sessions.End(session, time.Now(), cancellation);
        LogEnded(session);
    }

    private async Task Rehash(User user, Password password, CancellationToken cancellation)
    {
        var hash = await passwords.Hash(password, cancellation);
        // Too busy is no reason to refuse a right password: the next login tries again.
        if (!hash.Failed(out _))
        {
            await users.Rehash(user, hash.Value, cancellation);
        }
    }

    private async Task<Result<TokenGrant>> Grant(
        User user, SessionId session, RefreshToken refreshToken, CancellationToken cancellation) =>
        new TokenGrant
        {
            AccessToken = await accessTokens.Issue(user, session, cancellation),
            ExpiresIn = accessTokens.LifeSeconds,
            RefreshToken = refreshToken.Text,
            User = user.ToContract(),
        };

    [LoggerMessage(3001, LogLevel.Information, "Session {SessionId} of user {UserId} started")]
    private partial void LogStarted(UserId userId, SessionId sessionId);

    [LoggerMessage(3002, LogLevel.Information, "Session {SessionId} ended by its user")]
    private partial void LogEnded(SessionId sessionId);

    [LoggerMessage(3003, LogLevel.Information, "Login refused for user {UserId}")]
    private partial void LogRefused(UserId? userId);

    [LoggerMessage(3004, LogLevel.Warning, "Refresh token reused: session {SessionId} of user {UserId} ended")]
    private partial void LogReused(UserId userId, SessionId sessionId);
}

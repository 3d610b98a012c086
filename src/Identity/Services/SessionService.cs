using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class SessionService(
    IUserRepository users,
    ISignInRepository signIns,
    ISessionRepository sessions,
    CredentialService credentials,
    GuessLimits guesses,
    RefreshLimit refreshes,
    AccessTokenService accessTokens,
    SessionCache cache,
    IdentityOptions options,
    TimeProvider time,
    ILogger<SessionService> log) : ISessions
{
    private readonly SessionLimits limits = options.SessionLimits;

    public async Task<Result<TokenGrant>> Login(LoginRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        var email = EmailAddress.Parse(request.Email, faults);
        var password = Password.Typed(request.Password, faults);
        if (email is null || password is null)
        {
            return faults.ToProblem();
        }

        if (credentials.Refusal is { } busy)
        {
            return busy;
        }

        var device = await KnownDevice(email, request.DeviceToken, cancellation);
        await using var guess = await guesses.Login(email, device, cancellation);
        if (guess.Refusal is { } refusal)
        {
            LogLimited(refusal.Detail);
            return refusal;
        }

        var found = await users.Find(email, cancellation);
        var user = await credentials.Check(found, password, request.Code, guess, cancellation);
        if (user.Failed(out var problem))
        {
            return await Refuse(found?.Id, problem);
        }

        return options.RequireVerifiedEmail && user.Value.EmailVerifiedAt is null
            ? await Refuse(user.Value.Id, IdentityProblems.EmailUnverified)
            : await Start(user.Value, device, cancellation);
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

        await using var turn = await refreshes.Spend(
            await sessions.WhoseNewest(spent, cancellation), cancellation);
        if (turn.Refusal is { } refusal)
        {
            return refusal;
        }

        var next = RefreshToken.New();
        var (outcome, session) = await sessions.Refresh(
            spent, next, limits, RequestFacts.Current.ToClient(), time.Now(), cancellation);
        if (outcome == RefreshOutcome.Reused)
        {
            LogReused(session!.User, session.Id);
            await cache.Forget(session.Id);
            return IdentityProblems.RefreshReused;
        }

        if (outcome == RefreshOutcome.Rotated)
        {
            turn.Keep();
        }

        var renewed = outcome is RefreshOutcome.Rotated or RefreshOutcome.Repeated;
        return renewed && await users.Find(session!.User, cancellation) is { } user
            ? await Grant(user, session, next, cancellation)
            : IdentityProblems.InvalidRefreshToken;
    }

    public async Task Logout(SessionId session, CancellationToken cancellation)
    {
        await sessions.End(session, time.Now(), cancellation);
        await Forget(session);
    }

    public async Task Logout(string refreshToken, CancellationToken cancellation)
    {
        if (RefreshToken.ParseOrNull(refreshToken) is { } token &&
            await sessions.End(token, time.Now(), cancellation) is { } ended)
        {
            await Forget(ended);
        }
    }

    private async Task<DeviceToken?> KnownDevice(EmailAddress email, string? shown, CancellationToken cancellation) =>
        DeviceToken.ParseOrNull(shown) is { } device && await signIns.IsKnown(email, device, cancellation)
            ? device
            : null;

    /// <summary>Notes what a login came to, whether or not somebody waits for it still.</summary>
    private async Task<Problem> Refuse(UserId? user, Problem problem)
    {
        // Too busy to look at the password is no outcome.
        if (SignInRefusals.ActionOf(problem) is { } action)
        {
            LogRefused(user);
            await signIns.Refuse(user, action, CancellationToken.None);
        }

        return problem;
    }

    // The password was right: that is kept also for one who has hung up.
    private async Task<Result<TokenGrant>> Start(User user, DeviceToken? known, CancellationToken cancellation)
    {
        var signIn = new SignIn
        {
            User = user,
            Session = Session.Start(user.Id, limits, time.Now()),
            First = RefreshToken.New(),
            Device = known ?? DeviceToken.New(),
            Client = RequestFacts.Current.ToClient(),
            Tell = known is null && await guesses.MayMail(user.Id, CancellationToken.None),
            SessionsMax = options.SessionsMax,
        };
        if (await signIns.Add(signIn, CancellationToken.None) is not { } ended)
        {
            return await Refuse(user.Id, IdentityProblems.InvalidCredentials);
        }

        LogStarted(user.Id, signIn.Session.Id);
        foreach (var session in ended)
        {
            await cache.Forget(session);
        }

        var grant = await Grant(user, signIn.Session, signIn.First, cancellation);
        return grant with { DeviceToken = signIn.Device.Text };
    }

    private async Task<TokenGrant> Grant(
        User user, Session session, RefreshToken refreshToken, CancellationToken cancellation) =>
        new()
        {
            AccessToken = await accessTokens.Issue(user, session.Id, cancellation),
            ExpiresIn = accessTokens.LifeSeconds,
            RefreshToken = refreshToken.Text,
            RefreshExpiresIn = (int)(session.EndsAt(limits) - time.Now()).TotalSeconds,
            User = user.ToContract(),
        };

    private ValueTask Forget(SessionId ended)
    {
        LogEnded(ended);
        return cache.Forget(ended);
    }

    [LoggerMessage(3001, LogLevel.Information, "Session {SessionId} of user {UserId} started")]
    private partial void LogStarted(UserId userId, SessionId sessionId);

    [LoggerMessage(3002, LogLevel.Information, "Session {SessionId} ended by its user")]
    private partial void LogEnded(SessionId sessionId);

    [LoggerMessage(3003, LogLevel.Information, "Login refused for user {UserId}")]
    private partial void LogRefused(UserId? userId);

    [LoggerMessage(3004, LogLevel.Warning, "Refresh token reused: session {SessionId} of user {UserId} ended")]
    private partial void LogReused(UserId userId, SessionId sessionId);

    [LoggerMessage(3020, LogLevel.Information, "Login not tried: {Reason}")]
    private partial void LogLimited(string reason);
}

internal static class RequestClients
{
    public static Client ToClient(this RequestFacts facts) => new(DeviceName.Of(facts.UserAgent), facts.ClientAddress);
}

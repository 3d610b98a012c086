using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

internal sealed partial class OwnSessionService(
    IUserRepository users,
    IOwnSessionRepository sessions,
    CredentialService credentials,
    GuessLimits guesses,
    SessionCache cache,
    IdentityOptions options,
    TimeProvider time,
    ILogger<OwnSessionService> log) : IOwnSessions
{
    private static readonly Problem Gone = new(ProblemCodes.InvalidToken, "The session is over. Sign in again.");

    public async Task<OwnSessions> List(Caller caller, CancellationToken cancellation) =>
        new(await sessions.List(caller, options.SessionLimits, time.Now(), cancellation));

    public async Task<Result<Done>> End(Caller caller, SessionId session, CancellationToken cancellation)
    {
        if (!await sessions.End(caller.User, session, time.Now(), cancellation))
        {
            return Problem.NotFound("session");
        }

        LogEnded(session);
        await cache.Forget(session);
        return default(Done);
    }

    public async Task EndOthers(Caller caller, CancellationToken cancellation)
    {
        await sessions.EndOthers(caller, time.Now(), cancellation);
        LogEndedOthers(caller.User, caller.Session);
        await cache.Forget(caller.User);
    }

    public async Task<Result<Done>> Reauthenticate(
        Caller caller, ReauthenticateRequest request, CancellationToken cancellation)
    {
        var faults = new Faults();
        if (Password.Typed(request.Password, faults) is not { } password)
        {
            return faults.ToProblem();
        }

        if (await users.Find(caller.User, cancellation) is not { } user)
        {
            return Gone;
        }

        await using var guess = await guesses.Reauthenticate(user, cancellation);
        if (guess.Refusal is { } refusal)
        {
            return refusal;
        }

        var right = await credentials.Check(user, password, request.Code, guess, cancellation);
        if (right.Failed(out var problem))
        {
            if (guess.IsWrong)
            {
                await sessions.RefuseAgain(caller, CancellationToken.None);
            }

            return problem;
        }

        return await sessions.Reauthenticate(caller, time.Now(), cancellation) ? default(Done) : Gone;
    }

    [LoggerMessage(3024, LogLevel.Information, "Session {SessionId} ended by its owner")]
    private partial void LogEnded(SessionId sessionId);

    [LoggerMessage(3025, LogLevel.Information, "Sessions of user {UserId} ended but for {SessionId}")]
    private partial void LogEndedOthers(UserId userId, SessionId sessionId);
}

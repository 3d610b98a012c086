using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISignInRepository
{
    /// <summary>Whether the account of that address signed in on that device before.</summary>
    Task<bool> IsKnown(EmailAddress email, DeviceToken device, CancellationToken cancellation);

    /// <summary>
    /// Keeps a session with its first token and its device, and tells the owner of a device that is new, in one
    /// transaction. An account has so many sessions and devices at most: those not used for longest go.
    /// </summary>
    /// <returns>
    /// The sessions that went on until then; null when nothing is kept, since the password was changed or the account
    /// disabled after the password was checked: that takes a while, and what ends every session must end this one.
    /// </returns>
    Task<IReadOnlyList<SessionId>?> Add(SignIn signIn, CancellationToken cancellation);

    /// <summary>
    /// Notes a login that failed, of nobody known too: both must take the time of one that succeeds.
    /// </summary>
    Task Refuse(UserId? user, string action, CancellationToken cancellation);

    /// <summary>Notes that a limit on guessing is used up.</summary>
    /// <param name="email">Whose account it was tried at, where that is not who asks.</param>
    /// <param name="limit">Its name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task NoteLimited(EmailAddress? email, string limit, CancellationToken cancellation);
}

/// <summary>What the audit log calls logins that were refused.</summary>
internal static class SignInRefusals
{
    // Whoever is asked for a code or a verified address has shown the right password.
    private static readonly Dictionary<ProblemCode, string> Actions = new()
    {
        [IdentityProblems.InvalidCredentialsCode] = "login.failed",
        [IdentityProblems.SecondFactorRequiredCode] = "login.code_required",
        [IdentityProblems.InvalidCodeCode] = "login.code_failed",
        [IdentityProblems.EmailUnverifiedCode] = "login.unverified",
    };

    public static string? ActionOf(Problem problem) => Actions.GetValueOrDefault(problem.Code);
}

/// <summary>A login that succeeded.</summary>
internal sealed record SignIn
{
    public required User User { get; init; }

    public required Session Session { get; init; }

    public required RefreshToken First { get; init; }

    public required DeviceToken Device { get; init; }

    public required Client Client { get; init; }

    /// <summary>Its owner is to be told, unless this is how the account begins.</summary>
    public required bool Tell { get; init; }

    /// <summary>How many sessions an account may have.</summary>
    public required int SessionsMax { get; init; }
}

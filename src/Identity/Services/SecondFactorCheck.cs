using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Asks for the second factor once the password was right, where an account has one. Each code is good once, also for
/// two who send it at the same moment.
/// </summary>
internal sealed class SecondFactorCheck(
    ISecondFactorRepository factors, GuessLimits guesses, SecretBox box, TimeProvider time)
{
    private const int CodeCharactersMax = 64;

    /// <summary>
    /// <c>second_factor_required</c>, <c>invalid_code</c>, <c>rate_limited</c> after too many of those, or null when
    /// nothing is in the way.
    /// </summary>
    public async Task<Problem?> Refusal(User user, string? code, CancellationToken cancellation)
    {
        if (await factors.Find(user.Id, cancellation) is not { ConfirmedAt: not null } authenticator)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(code))
        {
            return IdentityProblems.SecondFactorRequired;
        }

        await using var guess = await guesses.SecondFactor(user, cancellation);
        if (guess.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await Spend(user, authenticator, code, cancellation))
        {
            return null;
        }

        guess.Wrong();
        return IdentityProblems.InvalidCode;
    }

    /// <summary>The step whose code it is, if it was not used.</summary>
    public long? Match(Authenticator authenticator, string? code)
    {
        var digits = code is { Length: <= CodeCharactersMax } ? code.Replace(" ", "", StringComparison.Ordinal) : "";
        return digits.Length == Totp.Digits
            ? Totp.Match(
                box.Open(Purpose(authenticator.User), authenticator.SealedSecret),
                digits,
                authenticator.LastStep,
                time.Now())
            : null;
    }

    public string Seal(UserId user, byte[] secret) => box.Seal(Purpose(user), secret);

    private async Task<bool> Spend(
        User user, Authenticator authenticator, string code, CancellationToken cancellation)
    {
        if (Match(authenticator, code) is { } step)
        {
            return await factors.SpendStep(user.Id, step, cancellation);
        }

        return code.Length <= CodeCharactersMax && RecoveryCode.ParseOrNull(code) is { } recovery &&
            await factors.SpendRecoveryCode(
                recovery, user.Notice(SecurityNotice.RecoveryCodeUsed, time.Now()), cancellation);
    }

    private static string Purpose(UserId user) => $"identity/authenticator/{user}";
}

using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Whether somebody is who they say: the password, and a code where there is a second factor.</summary>
internal sealed class CredentialService(
    IUserRepository users, PasswordService passwords, SecondFactorCheck secondFactor)
{
    /// <inheritdoc cref="PasswordService.Refusal"/>
    public Problem? Refusal => passwords.Refusal;

    /// <summary>
    /// The account as it was then, if all is right. Of nobody, of an account that is disabled and of a wrong password
    /// the problem is one and the same, after the same work. Once the password has been looked at, the rest is done
    /// even if whoever asked has hung up: what it came to is counted and noted.
    /// </summary>
    public async Task<Result<User>> Check(
        User? user, Password password, string? code, Guess guess, CancellationToken cancellation)
    {
        var verdict = await passwords.Verify(password, user?.PasswordHash, cancellation);
        if (verdict.Failed(out var busy))
        {
            return busy;
        }

        if (user is null || user.DisabledAt is not null || verdict.Value == PasswordVerdict.Wrong)
        {
            guess.Wrong();
            return IdentityProblems.InvalidCredentials;
        }

        if (await secondFactor.Refusal(user, code, CancellationToken.None) is { } refusal)
        {
            // To be asked for a code is no wrong guess.
            if (refusal.Code != IdentityProblems.SecondFactorRequiredCode)
            {
                guess.Wrong();
            }

            return refusal;
        }

        if (verdict.Value != PasswordVerdict.RightButWeak)
        {
            return user;
        }

        return await Rehash(user, password, CancellationToken.None) is { } current
            ? current
            : IdentityProblems.InvalidCredentials;
    }

    // The account with the password as it is kept now; null when it is another one by now.
    private async Task<User?> Rehash(User user, Password password, CancellationToken cancellation)
    {
        var hash = await passwords.Hash(password, cancellation);
        // Too busy is no reason to refuse a right password: the next login tries again.
        if (hash.Failed(out _))
        {
            return user;
        }

        if (await users.Rehash(user, hash.Value, cancellation))
        {
            return user with { PasswordHash = hash.Value };
        }

        // Another login was faster, or a new password.
        var current = await users.Find(user.Id, cancellation);
        var verdict = await passwords.Verify(password, current?.PasswordHash, cancellation);
        return verdict is { Problem: null, Value: not PasswordVerdict.Wrong } ? current : null;
    }
}

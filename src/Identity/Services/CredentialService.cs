using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Whether somebody is who they say: the password, and a code where there is a second factor.</summary>
internal sealed class CredentialService(IUserRepository users, PasswordService passwords, SecondFactorCheck secondFactor)
{
    /// <summary>
    /// The account, if all of it is right. Of nobody, of an account that is disabled and of a wrong password the
    /// problem is one and the same, after the same work.
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

        if (await secondFactor.Refusal(user, code, cancellation) is { } refusal)
        {
            // To be asked for a code is no wrong guess.
            if (refusal.Code != IdentityProblems.SecondFactorRequiredCode)
            {
                guess.Wrong();
            }

            return refusal;
        }

        if (verdict.Value == PasswordVerdict.RightButWeak)
        {
            await Rehash(user, password, cancellation);
        }

        return user;
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
}

using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>The app that shows an account's codes, as it is kept.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="SealedSecret">What its codes are computed from.</param>
/// <param name="ConfirmedAt">When a first code was seen; until then it is not asked for.</param>
/// <param name="LastStep">The step of the last code that was good.</param>
internal sealed record Authenticator(UserId User, string SealedSecret, DateTimeOffset? ConfirmedAt, long LastStep)
{
    // It prints its members otherwise.
    public override string ToString() => nameof(Authenticator);
}

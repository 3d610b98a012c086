using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISecondFactorRepository
{
    Task<Authenticator?> Find(UserId user, CancellationToken cancellation);

    Task<int> RecoveryCodesLeft(UserId user, CancellationToken cancellation);

    /// <summary>
    /// Keeps a secret that is not in force yet, in place of another such; false when one is in force.
    /// </summary>
    Task<bool> Begin(UserId user, string sealedSecret, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Puts the authenticator in force whose code was seen, with its recovery codes; false when it is in force already
    /// or another secret took its place. The account's other sessions no longer count as signed in of late.
    /// </summary>
    Task<bool> Confirm(
        Authenticator seen,
        long step,
        IReadOnlyList<RecoveryCode> codes,
        SessionId current,
        SecurityNoticeEvent notice,
        CancellationToken cancellation);

    /// <summary>Spends the code of a step; of two at once with the same code one succeeds.</summary>
    Task<bool> SpendStep(UserId user, long step, CancellationToken cancellation);

    Task<bool> SpendRecoveryCode(RecoveryCode code, SecurityNoticeEvent notice, CancellationToken cancellation);

    /// <summary>False when there was none.</summary>
    Task<bool> Disable(SecurityNoticeEvent notice, CancellationToken cancellation);

    /// <summary>False when no authenticator is in force.</summary>
    Task<bool> Renew(
        IReadOnlyList<RecoveryCode> codes, SecurityNoticeEvent notice, CancellationToken cancellation);
}

using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>What people change of their own account: each act is one transaction.</summary>
internal interface IOwnAccountRepository
{
    /// <summary>
    /// Changes what there is at that moment and tells the other modules, where it makes a difference; null when the
    /// account is gone or disabled.
    /// </summary>
    Task<User?> Update(UserId user, Func<User, User> change, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Sets another password, if it is still the one that was checked; ends the other sessions if told to and forgets
    /// the devices but the one given, kills links that could undo it. False when somebody was faster.
    /// </summary>
    Task<bool> ChangePassword(
        User seen,
        string passwordHash,
        SessionId current,
        bool endOthers,
        DeviceToken? device,
        DateTimeOffset now,
        CancellationToken cancellation);

    /// <summary>Notes that the current password was asked for and not known.</summary>
    Task Refuse(UserId user, CancellationToken cancellation);
}

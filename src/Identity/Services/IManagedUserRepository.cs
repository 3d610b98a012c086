using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>Accounts as administrators look after them.</summary>
internal interface IManagedUserRepository
{
    /// <summary>The newest first.</summary>
    Task<Page<UserView>> List(UserFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// The account after the change, which publishes what happened and ends the sessions of an account that is
    /// disabled. Null when there is none; <c>last_admin</c> unless an enabled administrator stays: of two who want each
    /// other out of office at the same time, one is refused.
    /// </summary>
    Task<Result<User>?> Change(
        UserId user, AccountChange change, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when there is no such account.</summary>
    Task<bool> EndSessions(UserId user, DateTimeOffset now, CancellationToken cancellation);
}

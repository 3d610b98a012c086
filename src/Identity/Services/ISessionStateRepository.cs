using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISessionStateRepository
{
    /// <summary>
    /// The role of the account whose session it is; null when the session is over or the account is disabled.
    /// </summary>
    Task<Role?> RoleIn(SessionId session, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation);
}

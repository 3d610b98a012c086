using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISessionStateRepository
{
    /// <summary>
    /// Whose session it is, with the role of today; nobody's when it is over or the account is disabled.
    /// </summary>
    Task<SessionState> Of(SessionId session, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation);
}

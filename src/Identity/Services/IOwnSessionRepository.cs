using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>The sessions of one account, for its owner; someone else's is as good as none.</summary>
internal interface IOwnSessionRepository
{
    /// <summary>Those that go on, the one used last first.</summary>
    Task<IReadOnlyList<OwnSession>> List(
        Caller caller, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>False when the account has no such session; one that is over stays as it is.</summary>
    Task<bool> End(UserId user, SessionId session, DateTimeOffset now, CancellationToken cancellation);

    Task EndOthers(Caller caller, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes that the password was shown in the session; false when that is over.</summary>
    Task<bool> Reauthenticate(Caller caller, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Notes that it was wrong.</summary>
    Task RefuseAgain(Caller caller, CancellationToken cancellation);
}

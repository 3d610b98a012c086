using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Audit;

/// <summary>
/// Says who did what, in the module's own <c>audit_log</c>, in the transaction of the change: the row is there if and
/// only if the change is.
/// </summary>
public interface IAuditLog
{
    /// <summary>
    /// Who, request and address are taken from the request that runs. The row is written as the last thing before
    /// COMMIT, since each waits there for the one before it.
    /// </summary>
    void Write(UnitOfWork unit, AuditFact fact);
}

/// <summary>Something worth knowing later. Never a password, token, key or e-mail address.</summary>
/// <param name="Action">What was done: <c>event.cancelled</c>.</param>
/// <param name="Object">To what: <c>event/</c> and its id.</param>
#pragma warning disable CA1720 // The word of the table and of the API.
public sealed record AuditFact(string Action, string Object)
#pragma warning restore CA1720
{
    /// <summary>JSON of what it was, where that matters.</summary>
    public string? Before { get; init; }

    /// <summary>JSON of what it became, where that matters.</summary>
    public string? After { get; init; }

    /// <summary>Who did it, where that is not who the request is signed in as.</summary>
    public UserId? Actor { get; init; }
}

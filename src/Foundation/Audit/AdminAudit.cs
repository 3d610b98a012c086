using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Resilience;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Audit;

/// <summary>
/// Audits what an administrator changed that is no module's row, such as a breaker or the gateway's file: the first
/// module's log has it. Where there is no database there is no row; and who acts because a database is down must not be
/// stopped by that database.
/// </summary>
public sealed partial class AdminAudit
{
    private readonly IReadOnlyList<MigratedDatabase> databases;
    private readonly IAuditLog audit;
    private readonly ILogger<AdminAudit> log;

    internal AdminAudit(IEnumerable<MigratedDatabase> databases, IAuditLog audit, ILogger<AdminAudit> log)
    {
        this.databases = [.. databases];
        this.audit = audit;
        this.log = log;
    }

    /// <summary>Whether a row was written.</summary>
    public async Task<bool> TryWrite(AuditFact fact, CancellationToken cancellation)
    {
        if (databases.Count == 0)
        {
            return false;
        }

        try
        {
            await using var unit = await databases[0].Database.Begin(cancellation);
            audit.Write(unit, fact);
            await unit.Commit();
            return true;
        }
        catch (Exception exception) when (
            DatabaseFaults.IsUnavailable(exception) || exception is OutcomeUnknownException or DependencyException)
        {
            LogNotAudited(exception, fact.Action, fact.Object);
            return false;
        }
    }

    [LoggerMessage(9005, LogLevel.Error, "The audit log has no row of {Action} of {Object}")]
    private partial void LogNotAudited(Exception exception, string action, string @object);
}

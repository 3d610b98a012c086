using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Resilience;

/// <summary>Does what an administrator says of a breaker, and sees that it is known later.</summary>
internal sealed partial class BreakerService(
    Dependencies dependencies, IEnumerable<MigratedDatabase> databases, IAuditLog audit, ILogger<BreakerService> log)
{
    public async Task<Result<BreakerView>> Force(string name, string? state, CancellationToken cancellation)
    {
        if (BreakerWords.ParseForce(state) is not { } force)
        {
            var faults = new Faults();
            faults.Add("state", "must be open, closed or auto");
            return faults.ToProblem();
        }

        if (dependencies.Find(name) is not { } dependency)
        {
            return Problem.NotFound("dependency in this instance");
        }

        // First: it may be the database's own breaker that is to be opened.
        var audited = await TryAudit(dependency, force, cancellation);
        dependency.Force(force);
        return BreakerView.Of(dependency.State, audited);
    }

    // A breaker is no module's, and its change is no row: the first module's log has it. An administrator who forces a
    // breaker because a database is down must not be stopped by that database.
    private async Task<bool> TryAudit(Dependency dependency, BreakerForce force, CancellationToken cancellation)
    {
        if (databases.FirstOrDefault() is not { } first)
        {
            return false;
        }

        try
        {
            await using var unit = await first.Database.Begin(cancellation);
            audit.Write(unit, new AuditFact("breaker.forced", $"breaker/{dependency.Name}")
            {
                Before = $$"""{"state":"{{dependency.State.Force.ToText()}}"}""",
                After = $$"""{"state":"{{force.ToText()}}"}""",
            });
            await unit.Commit();
            return true;
        }
        catch (Exception exception) when (
            DatabaseFaults.IsUnavailable(exception) || exception is OutcomeUnknownException or DependencyException)
        {
            LogNotAudited(exception, dependency.Name);
            return false;
        }
    }

    [LoggerMessage(9005, LogLevel.Error, "The audit log has no row of forcing the breaker of {Dependency}")]
    private partial void LogNotAudited(Exception exception, string dependency);
}

/// <summary>The words of breakers on the wire.</summary>
internal static class BreakerWords
{
    public static string ToText(this BreakerPhase phase) => phase switch
    {
        BreakerPhase.Closed => "closed",
        BreakerPhase.HalfOpen => "half-open",
        _ => "open",
    };

    public static string ToText(this BreakerForce force) => force switch
    {
        BreakerForce.Open => "open",
        BreakerForce.Closed => "closed",
        _ => "auto",
    };

    public static BreakerForce? ParseForce(string? text) => text switch
    {
        "open" => BreakerForce.Open,
        "closed" => BreakerForce.Closed,
        "auto" => BreakerForce.None,
        _ => null,
    };
}

using Gatehouse.Foundation.Audit;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Resilience;

/// <summary>Does what an administrator says of a breaker, and sees that it is known later.</summary>
internal sealed class BreakerService(Dependencies dependencies, AdminAudit audit)
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
        var audited = await audit.TryWrite(
            new AuditFact("breaker.forced", $"breaker/{dependency.Name}")
            {
                Before = $$"""{"state":"{{dependency.State.Force.ToText()}}"}""",
                After = $$"""{"state":"{{force.ToText()}}"}""",
            },
            cancellation);
        dependency.Force(force);
        return BreakerView.Of(dependency.State, audited);
    }
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

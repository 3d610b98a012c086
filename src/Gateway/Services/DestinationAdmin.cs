using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// Does what an administrator says of a destination, in this process: until it is taken back, or the process ends.
/// </summary>
internal sealed partial class DestinationAdmin(
    Memberships memberships, IEnumerable<MigratedDatabase> databases, IAuditLog audit, ILogger<DestinationAdmin> log)
{
    public Task<Result<DestinationChange>> Drain(string cluster, string id, CancellationToken cancellation) =>
        Mark(cluster, id, AdminMark.Draining, cancellation);

    public Task<Result<DestinationChange>> Isolate(string cluster, string id, CancellationToken cancellation) =>
        Mark(cluster, id, AdminMark.Isolated, cancellation);

    public Task<Result<DestinationChange>> Restore(string cluster, string id, CancellationToken cancellation) =>
        Mark(cluster, id, AdminMark.None, cancellation);

    private async Task<Result<DestinationChange>> Mark(
        string cluster, string id, AdminMark mark, CancellationToken cancellation)
    {
        if (memberships.Find(cluster) is not { } members || Find(members, id) is not { } before)
        {
            return Problem.NotFound("destination in this gateway");
        }

        // First: who does it must be known even if it brings down what would write it.
        var audited = await TryAudit(cluster, id, before.State, mark, cancellation);
        if (!members.TryMark(id, mark))
        {
            return Problem.NotFound("destination in this gateway");
        }

        LogMarked(cluster, id, mark);
        return Find(members, id) is { } after
            ? new DestinationChange(after, audited)
            : Problem.NotFound("destination in this gateway");
    }

    private static DestinationView? Find(ClusterMembers members, string id) =>
        DestinationView.Of(members.Describe()).FirstOrDefault(one => one.Id == id);

    // As with the breakers of what this process itself calls: the first module's log has it, where there is one.
    private async Task<bool> TryAudit(
        string cluster, string id, string before, AdminMark mark, CancellationToken cancellation)
    {
        if (databases.FirstOrDefault() is not { } first)
        {
            return false;
        }

        try
        {
            await using var unit = await first.Database.Begin(cancellation);
            audit.Write(unit, new AuditFact("gateway.destination.marked", $"destination/{cluster}/{id}")
            {
                Before = $$"""{"state":"{{before}}"}""",
                After = $$"""{"mark":"{{mark.ToString().ToLowerInvariant()}}"}""",
            });
            await unit.Commit();
            return true;
        }
        catch (Exception exception) when (
            DatabaseFaults.IsUnavailable(exception) || exception is OutcomeUnknownException or DependencyException)
        {
            LogNotAudited(exception, cluster, id);
            return false;
        }
    }

    [LoggerMessage(11206, LogLevel.Warning, "{Cluster}: an administrator marked {Destination}: {Mark}")]
    private partial void LogMarked(string cluster, string destination, AdminMark mark);

    [LoggerMessage(11207, LogLevel.Error, "The audit log has no row of marking {Destination} of {Cluster}")]
    private partial void LogNotAudited(Exception exception, string cluster, string destination);
}

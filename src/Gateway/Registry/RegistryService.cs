using Gatehouse.Contracts;
using Gatehouse.Contracts.Gateway;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Registry;

/// <summary>
/// Registers, renews and lists. What it answers is in force in this gateway; in others that share the store within a
/// moment.
/// </summary>
internal sealed partial class RegistryService(
    IMemberStore store,
    MemberSet members,
    RegistryFollower follower,
    Renewals renewals,
    Snapshots snapshots,
    OwnAddresses own,
    IEnumerable<MigratedDatabase> databases,
    IAuditLog audit,
    ILogger<RegistryService> log) : IServiceRegistry
{
    public async Task<Result<RegisteredService>> Register(RegisterService service, CancellationToken cancellation)
    {
        var asked = service.ToDomain();
        if (asked.Failed(out var problem))
        {
            return Counted<RegisteredService>("register", problem);
        }

        var member = asked.Value;
        if (await Refusal(member, cancellation) is { } refusal)
        {
            return Counted<RegisteredService>("register", refusal);
        }

        var before = members.Current.FirstOrDefault(one => one.Member.Key == member.Key);
        if (await Put(member, cancellation) is not { } stored)
        {
            return Counted<RegisteredService>("register", new Problem(
                ProblemCodes.WrongState, $"The cluster has {IMemberStore.MembersMax} registered servers already."));
        }

        await follower.Look(cancellation);
        if (before is { IsLive: true } && before.Member.Address != member.Address)
        {
            LogReplaced(member.Key.Cluster, member.Key.Id, before.Member.Address, member.Address);
        }

        LogRegistered(member.Key.Cluster, member.Key.Id, member.Address, Actor);
        await Audit("registry.registered", member.Key);
        return Counted<RegisteredService>("register", stored.ToContract());
    }

    public async Task<Result<ServiceLease>> Renew(string cluster, string id, CancellationToken cancellation)
    {
        var lease = KeyOf(cluster, id) is { } key ? await renewals.Renew(key, cancellation) : null;
        return Counted("renew", lease is null
            ? Problem.NotFound("registered server")
            : (Result<ServiceLease>)new ServiceLease(cluster, id, lease.LeaseSeconds, lease.ExpiresAt));
    }

    public async Task<Result<Done>> Deregister(string cluster, string id, CancellationToken cancellation)
    {
        if (KeyOf(cluster, id) is not { } key || !await store.Remove(key, cancellation))
        {
            return Counted<Done>("deregister", Problem.NotFound("registered server"));
        }

        await follower.Look(cancellation);
        LogDeregistered(cluster, id, Actor);
        await Audit("registry.deregistered", key);
        return Counted<Done>("deregister", default(Done));
    }

    /// <summary>Those this gateway asks, by cluster and id; by page only.</summary>
    public Result<ListAnswer<RegisteredService>> List(PageRequest page, string? cluster, string? tag)
    {
        var faults = new Faults();
        if (!faults.Require(page.Number is not null, "cursor", "is not offered here; use page"))
        {
            return faults.ToProblem(ProblemCodes.InvalidQuery);
        }

        var all = members.Current.Where(one => cluster is null || one.Member.Key.Cluster == cluster)
            .Where(one => tag is null || one.Member.Tags.Contains(tag, StringComparer.Ordinal)).ToList();
        var items = all.Skip(page.Offset).Take(page.Limit).Select(one => one.ToContract()).ToList();
        return ListAnswer<RegisteredService>.From(
            new Page<RegisteredService>(items, page.Limit) { Number = page.Number, Total = all.Count });
    }

    private static string Actor => RequestFacts.Current.Actor?.ToString() ?? "registry key";

    private async Task<StoredMember?> Put(Member member, CancellationToken cancellation)
    {
        try
        {
            var stored = await store.Put(member, cancellation);
            members.Wrote();
            return stored;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            members.LoseWrites();
            throw;
        }
    }

    private async Task<Problem?> Refusal(Member member, CancellationToken cancellation)
    {
        var snapshot = snapshots.Current;
        if (!Intake.IsOpen(snapshot, member.Key.Cluster))
        {
            // A key alone must not steer a cluster whose servers somebody wrote down.
            return new Problem(ProblemCodes.WrongState,
                $"No cluster takes registrations as '{member.Key.Cluster}': the gateway's file has to say registry.");
        }

        if (snapshot.Clusters.Values.Any(cluster => cluster.Registry?.Cluster == member.Key.Cluster &&
            cluster.Destinations.Any(destination => destination.Id == member.Key.Id)))
        {
            return new Problem(
                ProblemCodes.WrongState, $"'{member.Key.Id}' is a destination of the gateway's file: take another id.");
        }

        return await own.Hold(member.Address, cancellation)
            ? new Problem(
                ProblemCodes.WrongState, "This is an address of the gateway itself: requests would go in circles.")
            : null;
    }

    private static MemberKey? KeyOf(string cluster, string id) =>
        Destination.IsId(cluster) && Destination.IsId(id) ? new MemberKey(cluster, id) : null;

    // An administrator's act; what services do of themselves is in the log alone.
    private async Task Audit(string action, MemberKey key)
    {
        if (RequestFacts.Current.Actor is null || databases.FirstOrDefault() is not { } first)
        {
            return;
        }

        try
        {
            await using var unit = await first.Database.Begin(CancellationToken.None);
            audit.Write(unit, new AuditFact(action, $"registry/{key.Cluster}/{key.Id}"));
            await unit.Commit();
        }
        catch (Exception exception) when (
            DatabaseFaults.IsUnavailable(exception) || exception is OutcomeUnknownException or DependencyException)
        {
            LogNotAudited(exception, action, key.Cluster, key.Id);
        }
    }

    private static Result<T> Counted<T>(string act, Result<T> result)
    {
        RegistryMetrics.Called(act, result.Failed(out var problem) ? problem.Code.Name : "done");
        return result;
    }

    [LoggerMessage(11224, LogLevel.Information, "{Cluster}/{Id} registered at {Address} by {Actor}")]
    private partial void LogRegistered(string cluster, string id, Uri address, string actor);

    [LoggerMessage(11225, LogLevel.Information, "{Cluster}/{Id} deregistered by {Actor}")]
    private partial void LogDeregistered(string cluster, string id, string actor);

    [LoggerMessage(11226, LogLevel.Warning,
        "{Cluster}/{Id} was at {Before} and is at {Address} now: if both run, give each an id of its own")]
    private partial void LogReplaced(string cluster, string id, Uri before, Uri address);

    [LoggerMessage(11227, LogLevel.Error, "The audit log has no row of {Action} {Cluster}/{Id}")]
    private partial void LogNotAudited(Exception exception, string action, string cluster, string id);
}

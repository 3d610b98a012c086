using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Gateway;

/// <summary>
/// Servers that say themselves that they are there. One is asked for requests as long as its lease lasts, in every
/// cluster of the gateway's file that takes registrations under the name it gave.
/// </summary>
public interface IServiceRegistry
{
    /// <summary>
    /// Adds a server, or replaces the one of this cluster and id. <c>validation_failed</c>, or <c>wrong_state</c> where
    /// the gateway's file does not want it.
    /// </summary>
    Task<Result<RegisteredService>> Register(RegisterService service, CancellationToken cancellation);

    /// <summary>Another lease from now on; <c>not_found</c> once it has run out: then it registers again.</summary>
    Task<Result<ServiceLease>> Renew(string cluster, string id, CancellationToken cancellation);

    /// <summary>Takes it out: no new request goes there. <c>not_found</c> where it is gone already.</summary>
    Task<Result<Done>> Deregister(string cluster, string id, CancellationToken cancellation);
}

/// <summary>A server that wants requests.</summary>
/// <param name="Cluster">Under which name: 1 to 64 letters, digits, <c>-</c>, <c>_</c> and <c>.</c></param>
/// <param name="Id">Its own in the cluster, written alike. The same after a restart replaces what was before.</param>
/// <param name="Address">Scheme, host and port, such as <c>http://10.0.0.11:8080</c>; 300 characters at most.</param>
/// <param name="Weight">Its share of new requests against the others', 0 to 1,000; 1 unless given.</param>
/// <param name="Tags">16 at most, each of 1 to 64 letters, digits and <c>-_.:/=</c>; a cluster may ask for some.</param>
/// <param name="HealthPath">What health checks ask it for, where that is not what the cluster says.</param>
/// <param name="LeaseSeconds">5 to 300; 15 unless given.</param>
public sealed record RegisterService(
    string? Cluster = null,
    string? Id = null,
    string? Address = null,
    int? Weight = null,
    IReadOnlyList<string>? Tags = null,
    string? HealthPath = null,
    int? LeaseSeconds = null);

/// <summary>A server that registered.</summary>
/// <param name="ExpiresAt">Unless it is renewed, by the clock of where registrations are kept.</param>
/// <param name="State"><c>live</c>, or <c>kept</c>: its lease is over, and that may be the registry's own fault.</param>
public sealed record RegisteredService(
    string Cluster,
    string Id,
    string Address,
    int Weight,
    IReadOnlyList<string> Tags,
    string? HealthPath,
    int LeaseSeconds,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ExpiresAt,
    string State);

/// <summary>For how long a server is asked.</summary>
public sealed record ServiceLease(string Cluster, string Id, int LeaseSeconds, DateTimeOffset ExpiresAt);

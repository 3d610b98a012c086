using System.Collections.Frozen;

namespace Gatehouse.Gateway.Domain;

/// <summary>One generation of routes and clusters. Nothing in it ever changes.</summary>
/// <param name="Revision">1 for the first of a process, one more for each after it; 0 stands for none.</param>
/// <param name="Hash">SHA-256 of the document it was made of, in hexadecimal: the same in every gateway.</param>
internal sealed record Snapshot(
    long Revision, string Hash, RouteTable Routes, FrozenDictionary<string, Cluster> Clusters)
{
    /// <summary>For HTTPS, by the names that clients ask for.</summary>
    public IReadOnlyList<ServerCertificate> Certificates { get; init; } = [];

    /// <summary>Of a gateway without a file.</summary>
    public static readonly Snapshot Empty =
        new(0, "", RouteTable.Of([]), FrozenDictionary<string, Cluster>.Empty);
}

/// <summary>PEM files: they are read again when they change.</summary>
/// <param name="KeyPassword">Null: the key is not encrypted.</param>
/// <param name="IsDefault">Also for clients that ask for no name, or for one that no certificate is for.</param>
internal sealed record ServerCertificate(
    string Id,
    IReadOnlyList<HostPattern> Hosts,
    string CertificateFile,
    string KeyFile,
    string? KeyPassword = null,
    bool IsDefault = false);

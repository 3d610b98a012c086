using System.Collections.Frozen;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Makes the model of a document without faults.</summary>
internal static class SnapshotBinding
{
    public static Snapshot Bind(Bound root, string hash, string folder)
    {
        var clusters = root.Find(GatewayKeys.Clusters)!
            .ToFrozenDictionary(c => c.Key.Key, c => ClusterBinding.Bind(c.Key.Key, c.Value), StringComparer.Ordinal);
        var routes = root.Find(GatewayKeys.Routes)!.Select(route => RouteBinding.Bind(
            route.Key.Key, route.Value, clusters));
        return new Snapshot(0, hash, RouteTable.Of(routes), clusters)
        {
            Certificates =
            [
                .. (root.Find(GatewayKeys.Certificates) ?? []).Select(certificate => new ServerCertificate(
                    certificate.Key.Key,
                    certificate.Value.Find(GatewayKeys.CertificateHosts)!,
                    Path.GetFullPath(certificate.Value.Find(GatewayKeys.CertificateFile)!, folder),
                    Path.GetFullPath(certificate.Value.Find(GatewayKeys.KeyFile)!, folder),
                    certificate.Value.Find(GatewayKeys.KeyPassword),
                    certificate.Value.Value(GatewayKeys.CertificateDefault) ?? false)),
            ],
        };
    }
}

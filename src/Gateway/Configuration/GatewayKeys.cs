using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>The file as a whole. The schema is said in these classes and nowhere else.</summary>
internal static class GatewayKeys
{
    public static readonly Key<IReadOnlyList<Named<Bound>>> Routes =
        new("routes", Maps.ById(RouteKeys.Route, 20_000), "Which requests go where, by id. Their order means nothing.")
        {
            IsRequired = true,
        };

    public static readonly Key<IReadOnlyList<Named<Bound>>> Clusters =
        new("clusters", Maps.ById(ClusterKeys.Cluster, 5_000), "Servers that answer the same, by id.")
        {
            IsRequired = true,
        };

    public static readonly Key<IReadOnlyList<HostPattern>> CertificateHosts =
        new("hosts", new ListKind<HostPattern>(Kinds.Host(), 1, 100), "Names for which clients get it.")
        {
            IsRequired = true,
            Example = "[api.example.org]",
        };

    public static readonly Key<string> CertificateFile =
        new("certificate", FileName(), "PEM with the certificate and those that lead to its root.")
        {
            IsRequired = true,
            Example = "api.crt",
        };

    public static readonly Key<string> KeyFile =
        new("key", FileName(), "PEM with its private key.") { IsRequired = true, Example = "api.key" };

    public static readonly Key<string> KeyPassword =
        new("keyPassword", Kinds.HeaderValue(), "Of an encrypted key; by `${env:…}` or `${file:…}`.");

    public static readonly Key<bool> CertificateDefault =
        new("default", Kinds.Flag(), "Also for clients that ask for no name, or for one that no certificate is for.")
        {
            Otherwise = "such handshakes are refused",
        };

    public static readonly Key<IReadOnlyList<Named<Bound>>> Certificates =
        new("certificates", Maps.ById(
            new ObjectKind("certificate", "Both files are read again when they change.",
                CertificateHosts, CertificateFile, KeyFile, KeyPassword, CertificateDefault), 1_000),
            "For HTTPS, by id.");

    public static readonly ObjectKind Root = new("file", "The outermost keys.", Routes, Clusters, Certificates);

    private static Kind<string> FileName() => Kinds.Text("path of a file", 1_000, c => !char.IsControl(c));
}

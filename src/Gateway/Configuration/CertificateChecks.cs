using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Whether certificates could be served.</summary>
internal sealed class CertificateChecks(ReadingContext context)
{
    public void Check(IReadOnlyList<Named<Bound>> certificates)
    {
        var hosts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, said) in certificates)
        {
            if (said.Find(GatewayKeys.CertificateFile) is { } file && said.Find(GatewayKeys.KeyFile) is { } keyFile)
            {
                CheckFiles(said, file, keyFile);
            }

            foreach (var (index, host) in (said.Find(GatewayKeys.CertificateHosts) ?? []).Index())
            {
                if (!hosts.TryAdd(host.Text, key.Key))
                {
                    var list = (ListNode)said.NodeOf(GatewayKeys.CertificateHosts)!;
                    context.Faults.Add(Rules.CertificateOverlap, list.Items[index],
                        $"{hosts[host.Text]} is for {host} already");
                }
            }
        }
    }

    private void CheckFiles(Bound said, string file, string keyFile)
    {
        try
        {
            using var found = X509Certificate2.CreateFromPemFile(
                Path.GetFullPath(file, context.Folder), Path.GetFullPath(keyFile, context.Folder));
        }
        catch (Exception failure) when (
            failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            var isKey = failure is FileNotFoundException { FileName: { } missing } &&
                missing.EndsWith(keyFile, StringComparison.Ordinal);
            context.Faults.Add(
                Rules.CertificateUnusable, said.NodeOf(isKey ? GatewayKeys.KeyFile : GatewayKeys.CertificateFile)!,
                failure is IOException ? $"{(isKey ? keyFile : file)} cannot be read"
                : "certificate and key are no PEM, or do not belong together");
        }
    }
}

using System.Security.Cryptography.X509Certificates;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tls;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Whether certificates could be served.</summary>
internal sealed class CertificateChecks(ReadingContext context)
{
    public void Check(IReadOnlyList<Named<Bound>> certificates)
    {
        var hosts = new Dictionary<string, string>(StringComparer.Ordinal);
        string? byDefault = null;
        foreach (var (key, said) in certificates)
        {
            CheckPassword(said);
            // The keys are secrets too: a machine without those has no files of them.
            if (context.Placeholders.LooksAtValues)
            {
                CheckFiles(said);
            }

            foreach (var (index, host) in (said.Find(GatewayKeys.CertificateHosts) ?? []).Index())
            {
                if (!hosts.TryAdd(host.Text, key.Key))
                {
                    context.Faults.Add(
                        Rules.CertificateOverlap, HostAt(said, index), $"{hosts[host.Text]} is for {host} already");
                }
            }

            if (said.Value(GatewayKeys.CertificateDefault) == true && (byDefault ??= key.Key) != key.Key)
            {
                context.Faults.Add(Rules.CertificateOverlap, said.NodeOf(GatewayKeys.CertificateDefault)!,
                    $"{byDefault} is the default already");
            }
        }
    }

    private void CheckPassword(Bound said)
    {
        if (said.NodeOf(GatewayKeys.KeyPassword) is ScalarNode password &&
            !password.Text.Contains("${", StringComparison.Ordinal))
        {
            context.Faults.Add(Rules.SecretInline, password, "the password stands in the file",
                "write ${env:NAME} or ${file:path}");
        }
    }

    private void CheckFiles(Bound said)
    {
        if (said.Find(GatewayKeys.CertificateFile) is not { } file ||
            said.Find(GatewayKeys.KeyFile) is not { } keyFile || said.IsFaulty(GatewayKeys.KeyPassword))
        {
            return;
        }

        var pair = PemPair.Read(
            Path.GetFullPath(file, context.Folder), Path.GetFullPath(keyFile, context.Folder),
            said.Find(GatewayKeys.KeyPassword), out var fault);
        if (fault is not null)
        {
            context.Faults.Add(
                Rules.CertificateUnusable,
                said.NodeOf(fault.IsKey ? GatewayKeys.KeyFile : GatewayKeys.CertificateFile)!,
                $"{(fault.IsKey ? keyFile : file)}: {fault.Reason}", fault.Hint);
            return;
        }

        using var certificate = pair!.Certificate;
        CheckTime(said, certificate);
        foreach (var (index, host) in (said.Find(GatewayKeys.CertificateHosts) ?? []).Index())
        {
            if (!Names(certificate, host))
            {
                context.Faults.Add(
                    Rules.CertificateHost, HostAt(said, index), $"the certificate does not name {host}");
            }
        }
    }

    private void CheckTime(Bound said, X509Certificate2 certificate)
    {
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (context.Now is { } now && (now.UtcDateTime < from || now.UtcDateTime > to))
        {
            context.Faults.Add(
                Rules.CertificateNotValidNow, said.NodeOf(GatewayKeys.CertificateFile)!,
                $"the certificate is valid from {from:yyyy-MM-dd HH:mm}Z to {to:yyyy-MM-dd HH:mm}Z");
        }
    }

    // A name of a certificate with a star stands for one level; a host of the file with one for all below it.
    private static bool Names(X509Certificate2 certificate, HostPattern host) => certificate.MatchesHostname(
        host.IsWildcard ? $"any{host.Name}" : host.Text.Trim('[', ']'),
        allowWildcards: true, allowCommonName: false);

    private static Node HostAt(Bound said, int index) =>
        ((ListNode)said.NodeOf(GatewayKeys.CertificateHosts)!).Items[index];
}

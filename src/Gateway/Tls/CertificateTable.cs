using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tls;

/// <summary>Which certificate a name gets: by the name itself, the longest wildcard above it, or by default.</summary>
internal sealed class CertificateTable
{
    public static readonly CertificateTable Empty = new([]);

    private readonly Dictionary<string, ServedCertificate> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ServedCertificate> below = new(StringComparer.OrdinalIgnoreCase);
    private readonly ServedCertificate? byDefault;

    public CertificateTable(IEnumerable<(ServerCertificate Said, ServedCertificate Served)> certificates)
    {
        foreach (var (said, served) in certificates)
        {
            foreach (var host in said.Hosts)
            {
                (host.IsWildcard ? below : names)[host.Name] = served;
            }

            byDefault = said.IsDefault ? served : byDefault;
        }
    }

    /// <summary>Null: there is none, not by default either.</summary>
    /// <param name="name">Without port; empty when no name was asked for.</param>
    public ServedCertificate? For(ReadOnlySpan<char> name)
    {
        if (names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var found))
        {
            return found;
        }

        var suffixes = below.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var dot = name.IndexOf('.'); dot >= 0 && below.Count > 0;)
        {
            name = name[dot..];
            if (suffixes.TryGetValue(name, out found))
            {
                return found;
            }

            dot = name[1..].IndexOf('.') is var next and >= 0 ? next + 1 : -1;
        }

        return byDefault;
    }
}

using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Whether anybody's token could satisfy what routes ask.</summary>
/// <param name="canCheckOwn">This process has, or knows where to get, the keys of Gatehouse's own tokens.</param>
internal sealed class AuthChecks(FileFaults faults, bool canCheckOwn)
{
    public void Check(Bound root)
    {
        var issuers = root.Find(GatewayKeys.Issuers) ?? [];
        foreach (var issuer in issuers)
        {
            CheckIssuer(issuer);
        }

        // One that is there, but wrong, is told of where it stands.
        var ids = (root.NodeOf(GatewayKeys.Issuers) as MapNode)?.Entries.Select(entry => entry.Key) ?? [];
        var known = ids.ToHashSet(StringComparer.Ordinal);
        foreach (var route in root.Find(GatewayKeys.Routes) ?? [])
        {
            if (route.Value.Find(PolicyKeys.Auth) is { } auth)
            {
                CheckRoute(auth, known);
            }
        }
    }

    private void CheckIssuer(Named<Bound> issuer)
    {
        if (issuer.Key.Key == TrustedIssuer.OwnId)
        {
            faults.Add(Rules.BadId, issuer.Key.At, issuer.Value.Path,
                $"{TrustedIssuer.OwnId} is this platform itself, which needs no entry");
        }

        var said = issuer.Value;
        var key = said.Has(IssuerSettings.Keys) ? (Key)IssuerSettings.Keys : IssuerSettings.Issuer;
        var address = said.Find(IssuerSettings.Keys);
        if (!said.Has(IssuerSettings.Keys) && said.Find(IssuerSettings.Issuer) is { } name &&
            !(Uri.TryCreate(name, UriKind.Absolute, out address) && address.Scheme is "http" or "https"))
        {
            faults.Add(Rules.BadAddress, said.NodeOf(key)!, $"{name} is no address, so its keys are not known",
                "say where they are: jwks: https://…");
        }
        else if (address is { IsLoopback: false } && address.Scheme == Uri.UriSchemeHttp)
        {
            faults.Add(Rules.IssuerInsecure, said.NodeOf(key)!,
                "anybody on the way could put keys of their own here", "write https://");
        }
    }

    private void CheckRoute(Bound auth, HashSet<string> known)
    {
        if (auth.Has(PolicyKeys.AuthIssuer))
        {
            if (auth.Find(PolicyKeys.AuthIssuer) is { } issuer && !known.Contains(issuer))
            {
                var nearest = Spelling.Nearest(issuer, known);
                faults.Add(Rules.UnknownIssuer, auth.NodeOf(PolicyKeys.AuthIssuer)!, $"there is no issuer {issuer}",
                    nearest is null ? "add it to issuers" : $"did you mean {nearest}?");
            }

            return;
        }

        if (!canCheckOwn)
        {
            faults.Add(Rules.IdentityUnknown, auth.Node, "nothing here can check tokens of Gatehouse",
                "set GATEHOUSE_TOKENS__IDENTITYURL, or name an issuer");
        }

        CheckNames(auth, PolicyKeys.Roles, role => RoleNames.TryParse(role, out _), "role",
            Enum.GetValues<Role>().Select(role => role.ToName()));
        CheckNames(auth, PolicyKeys.Scopes, Permissions.All.Contains, "scope", Permissions.All);
    }

    private void CheckNames(
        Bound auth, Key<IReadOnlyList<string>> key, Func<string, bool> isKnown, string what, IEnumerable<string> all)
    {
        foreach (var (index, name) in (auth.Find(key) ?? []).Index())
        {
            if (!isKnown(name))
            {
                faults.Add(Rules.AuthNobody, ((ListNode)auth.NodeOf(key)!).Items[index],
                    $"no token of Gatehouse has the {what} {name}",
                    $"there are {string.Join(", ", all)}; for others name an issuer");
            }
        }
    }
}

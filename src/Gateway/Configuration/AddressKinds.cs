using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Values that are addresses.</summary>
internal static class AddressKinds
{
    /// <summary>Of a destination.</summary>
    public static Kind<Uri> Address() => new ScalarKind<Uri>(
        "address",
        Rules.BadAddress,
        text =>
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                return new ScalarFault("{0} is no address", "write scheme, host and port: http://orders:8080");
            }

            if (address.UserInfo.Length > 0)
            {
                return new ScalarFault(
                    "user and password stand in this address",
                    "send them as a header: transform.request.set.Authorization: Basic ${env:…}",
                    Rules.SecretInline);
            }

            return address.Host.Length == 0 || address.Port is < 1 or > 65_535 || text.Any(c => c <= ' ') ||
                text.AsSpan().IndexOfAny("{}*\\") >= 0
                    ? new ScalarFault("{0} is no address", "write scheme, host and port: http://orders:8080")
                : text.AsSpan().IndexOfAny('?', '#') >= 0
                    ? new ScalarFault("an address of a destination has neither query nor fragment")
                : address;
        },
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^(https?://|\\$\\{)" })
    {
        TakesPlaceholders = true,
    };

    /// <summary>Scheme, host and port as browsers send them, or a star.</summary>
    public static Kind<string> Origin() => new ScalarKind<string>(
        "origin, or `*`",
        Rules.BadOrigin,
        text =>
        {
            if (text == "*")
            {
                return text;
            }

            if (!Uri.TryCreate(text, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https") ||
                origin.Host.Length == 0 || origin.Host.Contains('*', StringComparison.Ordinal))
            {
                return new ScalarFault("{0} is no origin", "write scheme and host: https://example.org");
            }

            var plain = origin.GetLeftPart(UriPartial.Authority);
            return text == plain
                ? text
                : new ScalarFault("{0} is not how browsers write this origin", $"write {plain}");
        },
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^(https?://|\\*$)" });
}

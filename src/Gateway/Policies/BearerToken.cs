using Gatehouse.Foundation.Authentication;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Policies;

internal static class BearerToken
{
    private const string Prefix = BearerAuthentication.Scheme + " ";

    /// <summary>Null: none is shown. Empty: what is shown cannot be one, as of two headers.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        return header.Count == 0 || header[0]?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) != true ? null
            : header.Count > 1 ? ""
            : header[0]![Prefix.Length..];
    }
}

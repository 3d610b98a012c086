using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Policies;

/// <summary>The request that a browser asks about: its method, and of its headers the names.</summary>
internal readonly struct PreflightFacts(HttpContext context, string path) : IRequestFacts
{
    private readonly MatchedRequest asking = new(context, path);

    public ReadOnlySpan<char> Host => asking.Host;

    public ReadOnlySpan<char> Path => asking.Path;

    public string Method => context.Request.Headers.AccessControlRequestMethod.ToString();

    // Its value is not told before the request itself.
    public bool HasHeader(string name, string? value) => asking.HasHeader(name, value) ||
        HeaderRules.IsNominated(name, context.Request.Headers.AccessControlRequestHeaders);

    public bool HasQuery(string name, string? value) => asking.HasQuery(name, value);
}

using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What routes are chosen by, read from the request.</summary>
internal readonly struct MatchedRequest(HttpContext context, string path) : IRequestFacts
{
    public ReadOnlySpan<char> Host => HostPattern.NameOf(context.Request.Host.Value);

    public ReadOnlySpan<char> Path => path;

    // Extended CONNECT asks for what an upgrade in HTTP/1.1 asks with GET.
    public string Method => HttpMethods.IsConnect(context.Request.Method) ? "GET" : context.Request.Method;

    public bool HasHeader(string name, string? value)
    {
        if (!context.Request.Headers.TryGetValue(name, out var sent))
        {
            return false;
        }

        for (var i = 0; i < sent.Count && value is not null; i++)
        {
            if (sent[i] == value)
            {
                return true;
            }
        }

        return value is null;
    }

    public bool HasQuery(string name, string? value)
    {
        if (!context.Request.Query.TryGetValue(name, out var sent))
        {
            return false;
        }

        for (var i = 0; i < sent.Count && value is not null; i++)
        {
            if (sent[i] == value)
            {
                return true;
            }
        }

        return value is null;
    }
}

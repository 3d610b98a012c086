using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Line and headers of the request to the upstream, made of the client's.</summary>
internal static class RequestHead
{
    private const string ViaHere = "1.1 gatehouse";
    private const string TimeoutHeader = "X-Gatehouse-Timeout-Ms";

    private static readonly Version Http2 = HttpVersion.Version20;
    private static readonly Version Http1 = HttpVersion.Version11;
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The fault is the client's: a header that may not be passed on.</summary>
    public static string? Make(
        Exchange exchange, DestinationState destination, TimeSpan left, out HttpRequestMessage request)
    {
        var context = exchange.Context;
        var cluster = exchange.Cluster;
        request = new HttpRequestMessage(
            MethodOf(exchange.IsTunnel ? "GET" : exchange.Route.Transforms.Method ?? context.Request.Method),
            new Uri(string.Concat(destination.Prefix, exchange.RawTarget), AsItIs));
        var isSecure = destination.IsSecure;
        if (exchange.IsTunnel)
        {
            (request.Version, request.VersionPolicy) = (Http1, HttpVersionPolicy.RequestVersionExact);
        }
        else if (isSecure)
        {
            (request.Version, request.VersionPolicy) = (Http2, HttpVersionPolicy.RequestVersionOrLower);
        }
        else
        {
            request.Version = cluster.Http2 ? Http2 : Http1;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        // The framework's client sends a request without content again by itself: not one that is not idempotent.
        if (exchange.Body is not null || (!exchange.Traits.HasFlag(SendTraits.Idempotent) && !exchange.IsTunnel))
        {
            request.Content = new RequestContent(exchange.Body);
        }

        var fault = Copy(context, request);
        if (fault is null)
        {
            Add(exchange, request, left, isSecure);
        }

        return fault;
    }

    private static string? Copy(HttpContext context, HttpRequestMessage request)
    {
        var headers = context.Request.Headers;
        var connection = headers.Connection;
        foreach (var (name, values) in headers)
        {
            if (name.Length > 0 && name[0] == ':')
            {
                continue;
            }

            if (HeaderRules.FaultOf(name, values) is { } fault)
            {
                return fault;
            }

            if (!HeaderRules.EndsHere(name, connection))
            {
                Add(request, name, values);
            }
        }

        return null;
    }

    private static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values[0]))
            {
                Content(request).TryAddWithoutValidation(name, values[0]);
            }
        }
        else if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            Content(request).TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    // A header that describes a body, such as Content-Type, without one.
    private static HttpContentHeaders Content(HttpRequestMessage request) =>
        (request.Content ??= new RequestContent(null)).Headers;

    private static void Add(Exchange exchange, HttpRequestMessage request, TimeSpan left, bool isSecure)
    {
        var context = exchange.Context;
        var sent = context.Request;
        var headers = request.Headers;
        headers.TryAddWithoutValidation("X-Request-Id", context.TraceIdentifier);
        if ((Activity.Current?.Id ?? sent.Headers.TraceParent.ToString()) is { Length: > 0 } parent)
        {
            headers.TryAddWithoutValidation("traceparent", parent);
        }

        if (context.Connection.RemoteIpAddress is { } client)
        {
            headers.TryAddWithoutValidation("X-Forwarded-For", TextOf(client));
        }

        headers.TryAddWithoutValidation("X-Forwarded-Proto", sent.Scheme);
        if (sent.Host.Value is { Length: > 0 } host)
        {
            headers.TryAddWithoutValidation("X-Forwarded-Host", host);
            if (exchange.Route.Transforms.KeepHost)
            {
                // Over TLS it parts connections: one way of writing it, which the route names.
                headers.Host = isSecure ? HostPattern.NameOf(host).ToString().ToLowerInvariant() : host;
            }
        }

        var via = sent.Headers.Via;
        headers.TryAddWithoutValidation("Via", via.Count == 0 ? ViaHere : $"{via}, {ViaHere}");
        if (exchange.IsGrpc)
        {
            headers.TryAddWithoutValidation("TE", "trailers");
            headers.Remove(GrpcTimeout.Header);
            headers.TryAddWithoutValidation(GrpcTimeout.Header, GrpcTimeout.Format(left));
        }
        else
        {
            if (HeaderRules.IsNominated("trailers", sent.Headers.TE))
            {
                headers.TryAddWithoutValidation("TE", "trailers");
            }

            headers.TryAddWithoutValidation(
                TimeoutHeader, ((long)left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        }

        if (exchange.UpgradeTo is { } protocol)
        {
            AddUpgrade(headers, protocol, hasKey: !HttpProtocol.IsHttp2(sent.Protocol));
        }
        else if (exchange.ExpectsContinue && request.Content is not null)
        {
            headers.ExpectContinue = true;
        }

        HeaderChanges.Apply(exchange.Route.Transforms.Request, request);
    }

    private static void AddUpgrade(HttpRequestHeaders headers, string protocol, bool hasKey)
    {
        headers.TryAddWithoutValidation("Connection", "Upgrade");
        headers.TryAddWithoutValidation("Upgrade", protocol);
        if (!hasKey)
        {
            // Extended CONNECT has none (RFC 8441, section 5); the upgrade needs one.
            headers.TryAddWithoutValidation(
                "Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        }
    }

    // Parsed once a connection and kept by the address itself.
    private static string TextOf(IPAddress address)
    {
        var text = address.ToString();
        return address.IsIPv4MappedToIPv6 ? text[(text.LastIndexOf(':') + 1)..] : text;
    }

    private static HttpMethod MethodOf(string method) => method switch
    {
        "GET" => HttpMethod.Get,
        "HEAD" => HttpMethod.Head,
        "POST" => HttpMethod.Post,
        "PUT" => HttpMethod.Put,
        "DELETE" => HttpMethod.Delete,
        "OPTIONS" => HttpMethod.Options,
        "PATCH" => HttpMethod.Patch,
        _ => new HttpMethod(method),
    };
}

using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Caching;

/// <summary>What a request may be answered from.</summary>
internal sealed class CacheRequest
{
    private const int KeyLengthMax = 512;
    private const int KeyHeadLength = 128;

    private CacheRequest(Exchange exchange, CacheDirectives said)
    {
        Exchange = exchange;
        Said = said;
    }

    public Exchange Exchange { get; }

    public HttpContext Context => Exchange.Context;

    public CacheDirectives Said { get; }

    public required CachePlace Place { get; init; }

    /// <summary>Of the resource; variants have keys of their own.</summary>
    public required string Key { get; init; }

    public bool IsHead => HttpMethods.IsHead(Context.Request.Method);

    /// <summary>It wants to know of the origin, or to be answered by none but the cache: no waiting with others.</summary>
    public bool IsAlone => Said.NoCache || Said.MaxAge is not null || Said.MinFresh is not null || IsHead;

    /// <summary>Null: it has nothing to do with the cache.</summary>
    public static CacheRequest? Of(Exchange exchange)
    {
        var request = exchange.Context.Request;
        var headers = request.Headers;
        var said = headers.CacheControl.Count > 0 ? CacheDirectives.Parse(headers.CacheControl)
            : headers.Pragma.Count > 0 ? new CacheDirectives { NoCache = HasNoCache(headers.Pragma.ToString()) }
            : default;
        var keyHeader = exchange.Route.Cache!.KeyHeader;
        var key = keyHeader is null ? default : headers[keyHeader];
        var isPersonal = exchange.Route.Auth is not null || headers.Authorization.Count > 0 || headers.Cookie.Count > 0;
        if (exchange.Body is not null || said.NoStore || (isPersonal && key.Count == 0) || headers.Range.Count > 0 ||
            headers.IfMatch.Count > 0 || headers.IfUnmodifiedSince.Count > 0)
        {
            return null;
        }

        var host = request.Host.Value?.ToLowerInvariant() ?? "";
        return new CacheRequest(exchange, said)
        {
            Place = new CachePlace(host, exchange.Path),
            Key = KeyOf(exchange, host, keyHeader, key.ToString()),
        };
    }

    /// <summary>Whether it may be given this answer without asking the origin.</summary>
    public bool MayHave(StoredAnswer answer, DateTimeOffset now)
    {
        if (Said.NoCache || !answer.IsFresh(now))
        {
            return false;
        }

        var age = answer.AgeAt(now);
        return (Said.MaxAge is not { } most || age <= most) &&
            (Said.MinFresh is not { } least || answer.Times.FreshFor - age >= least);
    }

    // What the upstream is asked for: a query that the route takes away parts no answers. The route, since two of one
    // address may lead to two clusters. Of the header only its hash: it may be a token.
    private static string KeyOf(Exchange exchange, string host, string? keyHeader, string value)
    {
        var key = $"{exchange.Route.Id} {exchange.Context.Request.Scheme}://{host}{exchange.RawTarget}";
        key = key.Length <= KeyLengthMax ? key : $"{key.AsSpan(0, KeyHeadLength)}#{HashOf(key)}";
        return keyHeader is null ? key : $"{key} {keyHeader.ToLowerInvariant()}={HashOf(value)}";
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool HasNoCache(string pragma) => pragma.Contains("no-cache", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Where an answer belongs, as one who purges says it.</summary>
/// <param name="Host">In small letters, with its port where it was sent with one.</param>
/// <param name="Path">Canonical.</param>
internal sealed record CachePlace(string Host, string Path)
{
    public string Text => Host + Path;
}

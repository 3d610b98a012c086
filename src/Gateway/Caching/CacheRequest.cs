using System.Security.Cryptography;
using System.Text;
using Gatehouse.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

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

    /// <summary>Its key does not say all of who sends it: only what is for all is given to it, and kept.</summary>
    public bool IsPersonal { get; private init; }

    public bool IsHead => HttpMethods.IsHead(Context.Request.Method);

    /// <summary>It wants to know of the origin, or is no GET: no waiting with others.</summary>
    public bool IsAlone => IsPersonal || Said.NoCache || Said.MaxAge is not null || Said.MinFresh is not null || IsHead;

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
        var isOfAuth = exchange.Route.Auth is not null;
        var isPersonal = isOfAuth || headers.Authorization.Count > 0 || headers.Cookie.Count > 0;
        if (exchange.Body is not null || said.NoStore || (isPersonal && key.Count == 0) || headers.Range.Count > 0 ||
            headers.IfMatch.Count > 0 || headers.IfUnmodifiedSince.Count > 0 || IsCutShort(headers.Connection))
        {
            return null;
        }

        var host = request.Host.Value?.ToLowerInvariant() ?? "";
        return new CacheRequest(exchange, said)
        {
            Place = new CachePlace(host, exchange.Path),
            Key = KeyOf(exchange, host, keyHeader, key.ToString()),
            IsPersonal = !isOfAuth &&
                ((headers.Authorization.Count > 0 && !Is(keyHeader, "Authorization")) ||
                    (headers.Cookie.Count > 0 && !Is(keyHeader, "Cookie"))),
        };
    }

    /// <summary>Whether it may be given this answer without asking the origin.</summary>
    public bool MayHave(StoredAnswer answer, DateTimeOffset now)
    {
        if (Said.NoCache || !answer.IsFresh(now) || !IsFor(answer))
        {
            return false;
        }

        var age = answer.AgeAt(now);
        return (Said.MaxAge is not { } most || age <= most) &&
            (Said.MinFresh is not { } least || answer.Times.FreshFor - age >= least);
    }

    /// <summary>Whether it may see it at all, or what it brings be kept.</summary>
    public bool IsFor(StoredAnswer answer) => !IsPersonal || IsFor(answer.Headers
        .FirstOrDefault(header => header.Key.Equals("Cache-Control", StringComparison.OrdinalIgnoreCase)).Value);

    public bool IsFor(StringValues cacheControl) => !IsPersonal || CacheDirectives.Parse(cacheControl).IsForAll;

    // What the upstream is asked for: a query that the route takes away parts no answers. The route, since two of one
    // address may lead to two clusters. Of the header only its hash: it may be a token.
    private static string KeyOf(Exchange exchange, string host, string? keyHeader, string value)
    {
        var key = $"{exchange.Route.Id} {exchange.Context.Request.Scheme}://{host}{exchange.RawTarget}";
        key = key.Length <= KeyLengthMax ? key : $"{key.AsSpan(0, KeyHeadLength)}#{HashOf(key)}";
        return keyHeader is null ? key
            : $"{key} {keyHeader.ToLowerInvariant()}={HashOf(value)}{CallerOf(exchange, keyHeader)}";
    }

    // Any other header than the token that was checked is the client's word; the destination is told all of this.
    private static string CallerOf(Exchange exchange, string keyHeader) =>
        exchange.Route.Auth is null || Is(keyHeader, "Authorization") ? ""
            : exchange.Caller is not { } caller ? " -"
            : " by=" + HashOf(string.Join(
                '\n', [caller.Issuer, caller.User, string.Join(' ', caller.Roles), string.Join(' ', caller.Scopes)]));

    // What is named there the destination does not see: an answer by it would be kept as if it had.
    private static bool IsCutShort(StringValues connection)
    {
        for (var i = 0; i < connection.Count; i++)
        {
            var line = connection[i].AsSpan();
            foreach (var token in line.Split(','))
            {
                if (line[token].Trim() is { Length: > 0 } name && !Is(name, "close") && !Is(name, "keep-alive") &&
                    !Is(name, "upgrade"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> name, string other) =>
        name.Equals(other, StringComparison.OrdinalIgnoreCase);

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

using System.Buffers;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Which headers end here, and which requests are refused for theirs.</summary>
internal static class HeaderRules
{
    // RFC 9110, section 5.1, without the underscore: CGI and many frameworks read X_User as X-User.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-!#$%&'*+.^`|~");

    // All but the tab below the space, and DEL.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(c => (char)c).Where(c => c != '\t'), '\u007f']);

    private static readonly SearchValues<char> MethodCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    // Between two neighbours only (RFC 9110, section 7.6.1), or written anew on the way.
    private static readonly FrozenSet<string> NotPassedOn = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Authentication-Info", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
        "Content-Length", "Expect", "Host", "Via", "Forwarded", "X-Real-IP", "X-Request-Id", "traceparent",
        "X-Original-For",
        "X-Original-Proto", "X-Original-Host", "X-Original-URL", "X-Rewrite-URL");

    private static readonly FrozenSet<string> NotAnswered = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Content-Length", "X-Request-Id", "Via");

    // Naming one of these in Connection would make it vanish before the one who relies on it.
    private static readonly FrozenSet<string> MayNotBeNominated = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Authorization", "Cookie", "Via", "Forwarded",
        "X-Request-Id", "Idempotency-Key", "Origin", "If-Match", "If-None-Match", "If-Unmodified-Since",
        "Cache-Control", "Range", "Expect", "traceparent");

    /// <summary>Null: it may be passed on.</summary>
    public static string? FaultOf(HttpContext context)
    {
        var request = context.Request;
        var headers = request.Headers;
        if (request.Method.AsSpan().ContainsAnyExcept(MethodCharacters))
        {
            return "A method is written in capital letters.";
        }

        var encoding = headers.TransferEncoding;
        if (encoding.Count > 0)
        {
            if (encoding.Count > 1 || !string.Equals(encoding[0], "chunked", StringComparison.OrdinalIgnoreCase))
            {
                return "Transfer-Encoding is chunked, once, or not there.";
            }

            // The server moves a Content-Length that came with it.
            if (HttpProtocol.IsHttp10(request.Protocol) || headers.ContainsKey("X-Content-Length"))
            {
                return "A body has one length: Transfer-Encoding came with Content-Length, or in HTTP/1.0.";
            }
        }

        return FaultOfNominated(headers.Connection);
    }

    public static string? FaultOf(string name, StringValues values)
    {
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return "A header's name has letters, digits and hyphens, and no underscore.";
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].AsSpan().ContainsAny(Controls))
            {
                return "A header's value holds a control character.";
            }
        }

        return null;
    }

    /// <summary>Of a request.</summary>
    public static bool EndsHere(string name, StringValues connection) =>
        NotPassedOn.Contains(name) || StartsLikeOurs(name) || IsNominated(name, connection);

    /// <summary>Of an answer.</summary>
    public static bool EndsHereBack(string name) => NotAnswered.Contains(name);

    public static bool IsNominated(string name, StringValues connection)
    {
        for (var i = 0; i < connection.Count; i++)
        {
            var line = connection[i].AsSpan();
            foreach (var token in line.Split(','))
            {
                if (line[token].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // What an upstream takes for our word is nobody else's to say.
    private static bool StartsLikeOurs(string name) => name.Length > 11 && name[1] == '-' &&
        (name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) ||
            name.StartsWith("X-Gatehouse-", StringComparison.OrdinalIgnoreCase));

    private static string? FaultOfNominated(StringValues connection)
    {
        for (var i = 0; i < connection.Count; i++)
        {
            var line = connection[i].AsSpan();
            foreach (var token in line.Split(','))
            {
                var name = line[token].Trim();
                if (Protected.Contains(name) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
                {
                    return "Connection names a header that is not between us two.";
                }
            }
        }

        return null;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Protected { get; } =
        MayNotBeNominated.GetAlternateLookup<ReadOnlySpan<char>>();
}

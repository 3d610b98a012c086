using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Status and headers of the answer to the client, made of the upstream's.</summary>
internal static class ResponseHead
{
    private const string ViaHere = "1.1 gatehouse";

    /// <exception cref="InvalidOperationException">The upstream sent a header that no server may send.</exception>
    public static void Copy(HttpResponseMessage answer, Exchange exchange)
    {
        var response = exchange.Context.Response;
        var headers = response.Headers;
        response.StatusCode = (int)answer.StatusCode;
        var nominated = ConnectionOf(answer.Headers);
        Copy(answer.Headers.NonValidated, headers, nominated);
        Copy(answer.Content.Headers.NonValidated, headers, nominated);
        if (answer.StatusCode != HttpStatusCode.NoContent && LengthOf(answer) is { } length)
        {
            headers.ContentLength = length;
        }

        // Almost never there already: one look is cheaper than a copy.
        headers.Via = answer.Headers.NonValidated.TryGetValues("Via", out var via) ? $"{via}, {ViaHere}" : ViaHere;
        if (exchange.Cookie is { } cookie)
        {
            response.Cookies.Append(cookie.Name, cookie.Value, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = exchange.Context.Request.IsHttps,
            });
        }

        HeaderChanges.Apply(exchange.Route.Transforms.Response, headers);
    }

    /// <summary>Back to what it was, for another answer.</summary>
    public static void Clear(HttpContext context)
    {
        context.Response.Clear();
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
    }

    /// <summary>After the body, to clients that can take them.</summary>
    public static void CopyTrailers(HttpResponseMessage answer, HttpContext context)
    {
        var trailers = answer.TrailingHeaders.NonValidated;
        if (trailers.Count == 0 || !context.Response.SupportsTrailers())
        {
            return;
        }

        foreach (var (name, values) in trailers)
        {
            context.Response.AppendTrailer(name, ValuesOf(values));
        }
    }

    private static void Copy(HttpHeadersNonValidated from, IHeaderDictionary to, StringValues nominated)
    {
        foreach (var (name, values) in from)
        {
            if (!HeaderRules.EndsHereBack(name) && (nominated.Count == 0 || !HeaderRules.IsNominated(name, nominated)))
            {
                to.Append(name, ValuesOf(values));
            }
        }
    }

    private static StringValues ConnectionOf(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues("Connection", out var values) ? ValuesOf(values) : StringValues.Empty;

    private static StringValues ValuesOf(HeaderStringValues values)
    {
        if (values.Count <= 1)
        {
            return values.ToString();
        }

        var all = new string[values.Count];
        var i = 0;
        foreach (var value in values)
        {
            all[i++] = value;
        }

        return all;
    }

    // Of the framing as the client read it; to HEAD, of what GET would have.
    private static long? LengthOf(HttpResponseMessage answer) =>
        answer.Headers.TransferEncodingChunked == true ? null : answer.Content.Headers.ContentLength;
}

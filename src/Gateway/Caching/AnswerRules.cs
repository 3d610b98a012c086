using System.Globalization;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Gateway.Caching;

/// <summary>Which answers a shared cache may keep, and for how long (RFC 9111, 3 and 4.2).</summary>
internal static class AnswerRules
{
    private const int VaryNamesMax = 8;
    private const int TagsMax = 16;
    private const int TagLengthMax = 100;

    /// <summary>Null: it is not to be kept.</summary>
    /// <param name="status">Of the answer.</param>
    /// <param name="headers">Of the answer, as the route leaves them.</param>
    /// <param name="route">What it says of caching.</param>
    /// <param name="asked">When the request was sent.</param>
    /// <param name="now">When the answer came.</param>
    public static AnswerTimes? Judge(
        int status, IHeaderDictionary headers, ResponseCache route, DateTimeOffset asked, DateTimeOffset now)
    {
        var said = CacheDirectives.Parse(headers.CacheControl);
        if (said.NoStore || said.Private || headers.SetCookie.Count > 0 || !IsKept(status) || IsEvents(headers) ||
            headers.ContentRange.Count > 0 || VaryOf(headers) is null)
        {
            return null;
        }

        var explicitly = FreshFor(said, headers, now);
        if (explicitly is null && !said.NoCache && (route.Ttl == TimeSpan.Zero || !IsKeptUnasked(status)))
        {
            return null;
        }

        var mayBeStale = !said.MustRevalidate && !said.NoCache && said.SharedMaxAge is null;
        var onError = said.StaleIfError > route.StaleIfError ? said.StaleIfError.Value : route.StaleIfError;
        var times = new AnswerTimes(
            now,
            AgeOf(headers, asked, now),
            explicitly ?? (said.NoCache ? TimeSpan.Zero : route.Ttl),
            said.NoCache,
            mayBeStale ? onError : TimeSpan.Zero,
            mayBeStale ? said.StaleWhileRevalidate ?? TimeSpan.Zero : TimeSpan.Zero);
        return times.KeptFor(headers.ETag.Count > 0 || headers.LastModified.Count > 0) > TimeSpan.Zero ? times : null;
    }

    /// <summary>Null: no other request may be given it.</summary>
    public static IReadOnlyList<string>? VaryOf(IHeaderDictionary headers) =>
        headers.Vary.Count == 0 ? [] : VaryOf(headers.Vary);

    public static IReadOnlyList<string>? VaryOf(StringValues lines)
    {
        var names = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            // What the upstream is told by the gateway, the client's own header does not tell apart; what of that is
            // part of the key does not need to.
            var isOfKey = name.Equals("X-Forwarded-Proto", StringComparison.OrdinalIgnoreCase) ||
                name.Equals("X-Forwarded-Host", StringComparison.OrdinalIgnoreCase);
            if (name == "*" || (!isOfKey && name.Length > 0 && HeaderRules.EndsHere(name, StringValues.Empty)))
            {
                return null;
            }

            if (name.Length > 0 && !isOfKey)
            {
                names.Add(name.ToLowerInvariant());
            }
        }

        return names.Count > VaryNamesMax ? null : [.. names];
    }

    /// <summary><c>Cache-Tag</c> by commas, <c>Surrogate-Key</c> by spaces; what is too long or too many is left.</summary>
    public static IReadOnlyList<string> TagsOf(IHeaderDictionary headers)
    {
        var (byComma, bySpace) = (headers["Cache-Tag"], headers["Surrogate-Key"]);
        return byComma.Count + bySpace.Count == 0
            ? []
            : [.. byComma.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries))
                .Concat(bySpace.SelectMany(line => (line ?? "").Split(' ', StringSplitOptions.TrimEntries)))
                .Where(tag => tag.Length is > 0 and <= TagLengthMax)
                .Distinct(StringComparer.Ordinal).Take(TagsMax)];
    }

    public static DateTimeOffset? DateOf(StringValues value) =>
        value.Count > 0 && HeaderUtilities.TryParseDate(value[0], out var date) ? date : null;

    // A part and a "no change" are not the thing itself; what asks for a name is each person's own.
    private static bool IsKept(int status) => status is >= 200 and <= 599 and not (206 or 304 or 401 or 407 or 416);

    // Where only the route says so.
    private static bool IsKeptUnasked(int status) => status is 200 or 203 or 301 or 308;

    private static bool IsEvents(IHeaderDictionary headers) => headers.ContentType.Count > 0 &&
        headers.ContentType[0] is { } type && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? FreshFor(CacheDirectives said, IHeaderDictionary headers, DateTimeOffset now)
    {
        if ((said.SharedMaxAge ?? said.MaxAge) is { } seconds)
        {
            return seconds;
        }

        if (headers.Expires.Count == 0)
        {
            return null;
        }

        // "0" and whatever else is no date have been over for long.
        var until = DateOf(headers.Expires);
        var made = DateOf(headers.Date) ?? now;
        return until > made ? until.Value - made : TimeSpan.Zero;
    }

    private static TimeSpan AgeOf(IHeaderDictionary headers, DateTimeOffset asked, DateTimeOffset now)
    {
        var apparent = DateOf(headers.Date) is { } made && made < now ? now - made : TimeSpan.Zero;
        var first = headers.Age.ToString().Split(',')[0].Trim();
        var told = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
        var corrected = told + (now > asked ? now - asked : TimeSpan.Zero);
        // Dates have no fractions: less than a second is none.
        apparent = apparent < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : apparent;
        return apparent > corrected ? apparent : corrected;
    }
}

using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Caching;

/// <summary>What a <c>Cache-Control</c> says, of a request or of an answer (RFC 9111, 5.2; RFC 5861).</summary>
internal readonly record struct CacheDirectives
{
    public bool NoStore { get; init; }

    /// <summary>With field names too: what it says of some headers is done to the whole.</summary>
    public bool NoCache { get; init; }

    public bool Private { get; init; }

    /// <summary>Also <c>proxy-revalidate</c>.</summary>
    public bool MustRevalidate { get; init; }

    /// <summary>Who signed in makes no difference to it (RFC 9111, 3.5).</summary>
    public bool IsForAll { get; init; }

    public bool NoTransform { get; init; }

    public bool OnlyIfCached { get; init; }

    public TimeSpan? MaxAge { get; init; }

    public TimeSpan? SharedMaxAge { get; init; }

    public TimeSpan? MinFresh { get; init; }

    public TimeSpan? StaleIfError { get; init; }

    public TimeSpan? StaleWhileRevalidate { get; init; }

    public static CacheDirectives Parse(StringValues lines)
    {
        var said = new CacheDirectives();
        for (var i = 0; i < lines.Count; i++)
        {
            var rest = lines[i].AsSpan();
            while (rest.Length > 0)
            {
                var end = EndOfItem(rest);
                said = said.With(rest[..end].Trim(" \t"));
                rest = end < rest.Length ? rest[(end + 1)..] : default;
            }
        }

        return said;
    }

    private CacheDirectives With(ReadOnlySpan<char> item)
    {
        var equals = item.IndexOf('=');
        var name = equals < 0 ? item : item[..equals];
        var value = equals < 0 ? default : item[(equals + 1)..];
        return Is(name, "no-store") ? this with { NoStore = true }
            : Is(name, "no-cache") ? this with { NoCache = true }
            : Is(name, "private") ? this with { Private = true }
            : Is(name, "public") ? this with { IsForAll = true }
            : Is(name, "must-revalidate") ? this with { MustRevalidate = true, IsForAll = true }
            : Is(name, "proxy-revalidate") ? this with { MustRevalidate = true }
            : Is(name, "no-transform") ? this with { NoTransform = true }
            : Is(name, "only-if-cached") ? this with { OnlyIfCached = true }
            : Is(name, "max-age") ? this with { MaxAge = Least(MaxAge, Seconds(value)) }
            : Is(name, "s-maxage") ? this with
            {
                SharedMaxAge = Least(SharedMaxAge, Seconds(value)),
                IsForAll = true,
            }
            : Is(name, "min-fresh") ? this with { MinFresh = Seconds(value) }
            : Is(name, "stale-if-error") ? this with { StaleIfError = Least(StaleIfError, Seconds(value)) }
            : Is(name, "stale-while-revalidate")
                ? this with { StaleWhileRevalidate = Least(StaleWhileRevalidate, Seconds(value)) }
            : this;
    }

    // A comma within quotes ends nothing.
    private static int EndOfItem(ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] == '\\' && isQuoted)
            {
                i++;
            }
            else if (text[i] == ',' && !isQuoted)
            {
                return i;
            }
        }

        return text.Length;
    }

    private static bool Is(ReadOnlySpan<char> name, string directive) =>
        name.Equals(directive, StringComparison.OrdinalIgnoreCase);

    // What is no number makes the answer stale, as section 4.2.1 has it; too large a one is very long.
    private static TimeSpan Seconds(ReadOnlySpan<char> value)
    {
        value = value is ['"', .. var quoted, '"'] ? quoted : value;
        return value.Length == 0 || value.ContainsAnyExceptInRange('0', '9') ? TimeSpan.Zero
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromSeconds(int.MaxValue);
    }

    // Said twice, the shorter holds.
    private static TimeSpan Least(TimeSpan? before, TimeSpan said) =>
        before is { } first && first < said ? first : said;
}

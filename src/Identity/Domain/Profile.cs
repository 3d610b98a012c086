using System.Text.RegularExpressions;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>What people say of themselves beyond a name.</summary>
internal static partial class Profile
{
    private const int LanguageCharactersMax = 35;
    private const int TimeZoneCharactersMax = 64;

    /// <summary>
    /// A tag of BCP 47 in its usual case (<c>en</c>, <c>pt-BR</c>, <c>zh-Hant-TW</c>): language, script, region and
    /// variants; no extensions, which say nothing of the words of a mail. Null where none is given.
    /// </summary>
    public static string? ParseLanguage(string? text, Faults faults, string field = "language")
    {
        if (text is null)
        {
            return null;
        }

        var match = text.Length <= LanguageCharactersMax ? Tag().Match(text) : Match.Empty;
        if (!faults.Require(match.Success, field, "must be a language tag such as en, pt-BR or zh-Hant"))
        {
            return null;
        }

        var script = match.Groups["script"].Value;
        string[] parts =
        [
            match.Groups["language"].Value.ToLowerInvariant(),
            script.Length == 0 ? "" : char.ToUpperInvariant(script[0]) + script[1..].ToLowerInvariant(),
            match.Groups["region"].Value.ToUpperInvariant(),
            .. match.Groups["variant"].Captures.Select(variant => variant.Value.ToLowerInvariant()),
        ];
        return string.Join('-', parts.Where(part => part.Length > 0));
    }

    /// <summary>A name of the tz database that this machine knows, or null where none is given.</summary>
    public static string? ParseTimeZone(string? text, Faults faults, string field = "timeZone")
    {
        if (text is null)
        {
            return null;
        }

        // Only names of the database: the framework also knows those of Windows and a few short ones.
        var isKnown = text.Length <= TimeZoneCharactersMax &&
            (text == "UTC" || text.Contains('/', StringComparison.Ordinal)) &&
            TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.Id == text;
        return faults.Require(isKnown, field, "must be a time zone of the tz database such as Europe/Berlin")
            ? text
            : null;
    }

    [GeneratedRegex(
        "^(?<language>[a-z]{2,3})(-(?<script>[a-z]{4}))?(-(?<region>[a-z]{2}|[0-9]{3}))?" +
        @"(-(?<variant>[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Ticketing.Domain;

/// <summary>The readable name of an event in addresses: <c>a-z</c>, <c>0-9</c> and single hyphens.</summary>
internal static class Slug
{
    private const int LengthMax = 60;
    private const string SuffixLetters = "abcdefghjkmnpqrstvwxyz23456789";

    public static string Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            var lower = char.ToLowerInvariant(c);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower))
            {
                slug.Append(lower);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark &&
                slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, LengthMax)).Trim('-');
        // A slug that reads as an id would hide another event.
        return text.Length == 0 || Guid.TryParse(text, out _) ? "event" : text;
    }

    /// <summary>The same with four random letters, for when the plain one is taken.</summary>
    public static string WithSuffix(string slug) => $"{slug}-{RandomNumberGenerator.GetString(SuffixLetters, 4)}";
}

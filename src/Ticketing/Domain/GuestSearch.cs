using System.Globalization;
using System.Text;

namespace Gatehouse.Ticketing.Domain;

/// <summary>What somebody at the door types to find a guest.</summary>
/// <param name="BookingCode">Null where it reads like none.</param>
/// <param name="Number">Of the ticket within the booking, where that was typed too.</param>
/// <param name="Words">Two at most, those that say most.</param>
internal sealed record GuestSearch(string? BookingCode, int? Number, IReadOnlyList<string> Words)
{
    public const int CharactersMax = 100;
    private const int BookingCodeLetters = 10;
    private const int WordsOfGuestMax = 10;
    private const int WordCharactersMax = 60;

    /// <summary>Null where there is nothing in it to look for.</summary>
    public static GuestSearch? Of(string text)
    {
        var typed = text.Trim();
        var words = Split(typed).OrderByDescending(word => word.Length).Take(2).ToList();
        var parts = typed.ToUpperInvariant().Split('-');
        var isCode = parts.Length <= 2 && parts[0].Length == BookingCodeLetters &&
            parts[0].All(char.IsAsciiLetterOrDigit);
        var number = 0;
        isCode &= parts.Length == 1 ||
            int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return words.Count == 0
            ? null
            : new GuestSearch(isCode ? parts[0] : null, isCode && parts.Length == 2 ? number : null, words);
    }

    /// <summary>What a guest is found by.</summary>
    public static IReadOnlyCollection<string> WordsOf(string? name, string? email) =>
    [
        .. Split(name ?? "").Concat(Split(email ?? "")).Concat(Split((email ?? "").Split('@')[0]))
            .Distinct(StringComparer.Ordinal).Take(WordsOfGuestMax),
    ];

    // An e-mail address is one word: its parts would find everybody.
    private static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        var isAddress = text.Contains('@', StringComparison.Ordinal);
        foreach (var c in text.Normalize(NormalizationForm.FormD).Append(' '))
        {
            if (char.IsLetterOrDigit(c) || (isAddress && !char.IsWhiteSpace(c)))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (char.IsSurrogate(c))
            {
                word.Append(c);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                yield return Cut(word.ToString());
                word.Clear();
            }
        }
    }

    private static string Cut(string word)
    {
        if (word.Length <= WordCharactersMax)
        {
            return word;
        }

        return word[..(char.IsHighSurrogate(word[WordCharactersMax - 1]) ? WordCharactersMax - 1 : WordCharactersMax)];
    }
}

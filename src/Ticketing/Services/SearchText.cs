using System.Globalization;
using System.Text;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Makes words of what somebody typed: letters and digits alone, small, without marks. Whatever they typed, nothing of
/// it is left that a search engine could take for an operator.
/// </summary>
internal static class SearchText
{
    public const int WordsMax = 10;
    private const int WordCharactersMax = 60;

    public static IReadOnlyList<string> WordsOf(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in (text ?? "").Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNumber)
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else if (rune.Value is not (>= 0x300 and <= 0x36F))
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0 && words.Count < WordsMax)
            {
                words.Add(Cut(word.ToString().Normalize(NormalizationForm.FormC)));
            }

            word.Clear();
        }
    }

    private static string Cut(string word) => word.Length <= WordCharactersMax
        ? word
        : word[..(char.IsHighSurrogate(word[WordCharactersMax - 1]) ? WordCharactersMax - 1 : WordCharactersMax)];
}

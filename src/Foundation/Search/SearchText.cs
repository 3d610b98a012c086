using System.Globalization;
using System.Text;

namespace Gatehouse.Foundation.Search;

/// <summary>
/// Makes words of what somebody typed: letters and digits alone, small, without marks. Whatever they typed, nothing of
/// it is left that a search engine could take for an operator.
/// </summary>
public static class SearchText
{
    public const int CharactersMax = 200;
    public const int WordsMax = 10;

    /// <summary>What is longer is looked for by its beginning.</summary>
    public const int WordCharactersMax = 60;

    public static IReadOnlyList<string> WordsOf(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        // Half a character cannot be normalized; as a rune it is what stands for none.
        var sound = string.Concat((text ?? "").EnumerateRunes());
        foreach (var rune in sound.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (BelongsTo(word, rune))
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

    /// <summary>For a <c>tsquery</c>: all of the words, the last as a beginning.</summary>
    /// <param name="words">Letters and digits alone, so that quotes around them are all that is needed.</param>
    /// <param name="before">Stands before each word of the index too; letters and digits.</param>
    public static string TsQuery(IReadOnlyList<string> words, string before = "") =>
        string.Join(" & ", words.Select((word, i) => $"'{before}{word}'{(IsBegun(words, i) ? ":*" : "")}"));

    /// <summary>For <c>MATCH</c> of an FTS5 table: the same.</summary>
    public static string Fts5Query(IReadOnlyList<string> words) =>
        string.Join(' ', words.Select((word, i) => $"\"{word}\"{(IsBegun(words, i) ? "*" : "")}"));

    // Most scripts of India, and kana with their marks, write words with signs that are no letters.
    private static bool BelongsTo(StringBuilder word, Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.OtherNumber or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            word.Length > 0 && rune.Value is not ((>= 0x300 and <= 0x36F) or (>= 0xFE00 and <= 0xFE0F) or >= 0xE0100),
        _ => Rune.IsLetterOrDigit(rune),
    };

    private static bool IsBegun(IReadOnlyList<string> words, int i) =>
        i == words.Count - 1 || words[i].Length >= WordCharactersMax - 1;

    private static string Cut(string word) => word.Length <= WordCharactersMax
        ? word
        : word[..(char.IsHighSurrogate(word[WordCharactersMax - 1]) ? WordCharactersMax - 1 : WordCharactersMax)];
}

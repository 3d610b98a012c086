using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// A password someone chose. Length is all that is asked (NIST SP 800-63B forbids rules of composition), counted in
/// characters of Unicode; every character stays as it was typed.
/// </summary>
internal sealed record Password
{
    public const int CharactersMax = 128;

    private Password(string text) => Text = text;

    public string Text { get; }

    /// <summary>The password, or null with every reason added to the faults.</summary>
    public static Password? Choose(string? text, int charactersMin, Faults faults, string field = "password")
    {
        if (string.IsNullOrEmpty(text))
        {
            faults.Add(field, "is required");
            return null;
        }

        var count = Characters(text);
        var fits = faults.Require(count >= charactersMin && count <= CharactersMax, field,
            $"must have {charactersMin} to {CharactersMax} characters, has {count}");
        var clean = faults.Require(!text.Contains('\0', StringComparison.Ordinal), field, "contains U+0000");
        var whole = faults.Require(text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar), field,
            "contains U+FFFD or half of a surrogate pair");
        return fits && clean && whole ? new Password(text) : null;
    }

    /// <summary>
    /// A password typed to sign in: any text that could have been chosen, under today's rules or earlier ones.
    /// </summary>
    public static Password? Typed(string? text, Faults faults, string field = "password")
    {
        if (string.IsNullOrEmpty(text))
        {
            faults.Add(field, "is required");
            return null;
        }

        return faults.Require(Characters(text) <= CharactersMax, field, $"must have at most {CharactersMax} characters")
            ? new Password(text)
            : null;
    }

    public override string ToString() => nameof(Password);

    // Counts to just above the bound: a body of a megabyte is not walked.
    private static int Characters(string text) =>
        text.Length > 2 * CharactersMax ? text.Length : text.EnumerateRunes().Count();
}

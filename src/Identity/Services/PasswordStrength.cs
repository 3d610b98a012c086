using Zxcvbn;
using Zxcvbn.Matcher;

namespace Gatehouse.Identity.Services;

/// <summary>
/// How many guesses a password would stand, by zxcvbn (Wheeler, "zxcvbn: Low-Budget Password Strength Estimation",
/// USENIX Security 2016). No rule of composition: a few uncommon words do as well as a jumble of signs.
/// </summary>
internal sealed class PasswordStrength
{
    /// <summary>Of 0 to 4; 2 stands about 10^8 guesses, which no limit on logins lets anyone make.</summary>
    private const int ScoreMin = 2;

    // The work grows with the square of the length: so many characters take 60 ms of a core at worst, on any input
    // that was tried; those behind them are not needed to make a password strong.
    private const int CharactersScored = 100;

    // Made once: it parses its word lists when first asked, and keeps nothing of what it is asked.
    private readonly Zxcvbn.Zxcvbn estimator = new();

    /// <summary>What is wrong with it and what would help, or null. CPU work, for the gate of hashing.</summary>
    /// <param name="password">As it was typed.</param>
    /// <param name="known">Words a stranger would try first, since they are of this account.</param>
    public string? Fault(string password, IReadOnlyList<string> known)
    {
        var scored = password[..Math.Min(password.Length, CharactersScored)];
        var once = scored[..Period(scored)];
        var result = estimator.EvaluatePassword(once, known);
        if (result.Score >= ScoreMin)
        {
            return null;
        }

        var reason = once.Length < scored.Length ? "it repeats itself" : Reason([.. result.MatchSequence]);
        return $"is too easy to guess: {reason}; a few uncommon words make a good one";
    }

    private static string Reason(IReadOnlyList<Match> matches)
    {
        if (matches.OfType<DictionaryMatch>().Any(match => match.DictionaryName == "user_inputs"))
        {
            return "it is made of the address, the name or the name of this program";
        }

        return matches.MaxBy(match => match.Token.Length) switch
        {
            DictionaryMatch { DictionaryName: "passwords" } => "it is close to a common password",
            DictionaryMatch => "it is made of too few words",
            RepeatMatch => "it repeats a character",
            SequenceMatch => "it follows the alphabet, or counts",
            SpatialMatch => "it follows the keys of a keyboard",
            DateMatch => "it is a date",
            _ => "it is short for what it is made of",
        };
    }

    // The length of the part that the text repeats over and over; its own where it does not. zxcvbn sees repeated
    // characters, and not that "abcabcabcabc" is "abc". By the failure function of Knuth, Morris and Pratt.
    private static int Period(string text)
    {
        var borders = new int[text.Length + 1];
        borders[0] = -1;
        for (int i = 0, border = -1; i < text.Length; borders[++i] = ++border)
        {
            while (border >= 0 && text[border] != text[i])
            {
                border = borders[border];
            }
        }

        var period = text.Length - borders[^1];
        return 2 * period <= text.Length ? period : text.Length;
    }
}

using System.Text;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// Makes text that people chose fit for a line of a mail: no line breaks and no control characters, so that it can end
/// neither a header nor a line; nothing that turns the direction of what follows; bounded.
/// </summary>
internal static class MailText
{
    public const int CharactersMax = 1_000;
    private const int NameCharactersMax = 60;

    // FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
    private const char Isolate = '\u2068';
    private const char EndIsolate = '\u2069';

    public static string Clean(string text, int charactersMax = CharactersMax)
    {
        var clean = new StringBuilder(Math.Min(text.Length, charactersMax));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length > charactersMax)
            {
                break;
            }

            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                clean.Append(' ');
            }
            else if (rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF))
            {
                clean.Append(rune);
            }
        }

        return Cut(clean.ToString().Trim(), charactersMax);
    }

    /// <summary>So many characters at most, and none of them half.</summary>
    public static string Cut(string text, int charactersMax)
    {
        if (text.Length <= charactersMax)
        {
            return text;
        }

        var end = charactersMax - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + '…';
    }

    /// <summary>
    /// The name in a greeting, or null where it looks like an address: whoever registers with someone else's e-mail
    /// address chooses the name, and must not be able to have an advertisement sent there.
    /// </summary>
    public static string? Greeting(string? name)
    {
        var clean = name is null ? "" : Clean(name);
        var isName = clean.Length is > 0 and <= NameCharactersMax
            && clean.IndexOfAny(['/', '\\', ':', '@', '<', '>', '[', '(']) < 0
            && !clean.Index().Any(c => c.Item == '.' && c.Index + 1 < clean.Length && clean[c.Index + 1] != ' ')
            && clean.Count(char.IsAsciiDigit) <= 4;
        return isName ? clean : null;
    }

    /// <summary>Set apart where it is written from right to left, so that the words around it stay in order.</summary>
    public static string Isolated(string text) =>
        text.Any(IsRightToLeft) ? $"{Isolate}{text}{EndIsolate}" : text;

    private static bool IsRightToLeft(char c) =>
        c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC')
            or (>= '\uD802' and <= '\uD803') or '\uD83A' or '\uD83B';
}

namespace Gatehouse.Identity.Domain;

/// <summary>
/// A few words for a User-Agent that a person would recognise: <c>Firefox on Linux</c>. The header is any text a
/// stranger likes and ends in pages, mails and terminals, so nothing of it is passed on but plain letters.
/// </summary>
internal static class DeviceName
{
    public const int CharactersMax = 60;
    private const int ReadMax = 512;
    private const string EveryBrowser = "Mozilla/";

    // The first that is there: browsers name those before them, too.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    /// <summary>Null where it says nothing one could show.</summary>
    public static string? Of(string? userAgent)
    {
        if (userAgent is null)
        {
            return null;
        }

        var text = userAgent.Length <= ReadMax ? userAgent : userAgent[..ReadMax];
        if (!text.StartsWith(EveryBrowser, StringComparison.Ordinal) || Find(Browsers, text) is not { } browser)
        {
            return Product(text);
        }

        return Find(Systems, text) is { } system ? $"{browser} on {system}" : browser;
    }

    private static string? Find((string Mark, string Name)[] known, string text) =>
        Array.Find(known, one => text.Contains(one.Mark, StringComparison.Ordinal)).Name;

    /// <summary>The first product without its version: <c>curl/8.5.0</c> is <c>curl</c>.</summary>
    private static string? Product(string text)
    {
        var end = text.AsSpan().IndexOfAny(' ', '/');
        var letters = text[..(end < 0 ? text.Length : end)].Where(IsPlain).Take(CharactersMax).ToArray();
        return letters.Length > 0 ? new string(letters) : null;
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+';
}

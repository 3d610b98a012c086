using System.Globalization;

namespace Gatehouse.Kernel;

/// <summary>
/// An e-mail address in the one spelling it is kept in: trimmed, lower case, the host in ASCII (IDNA 2008). Two
/// people cannot have addresses that differ in case only; no provider in use tells them apart.
/// </summary>
public sealed record EmailAddress
{
    public const int CharactersMax = 254;
    public const int LocalCharactersMax = 64;
    private const string Shape = "must be an e-mail address such as name@example.org";
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string text) => Text = text;

    public string Text { get; }

    /// <summary>The address, or null with the reason added to the faults.</summary>
    public static EmailAddress? Parse(string? text, Faults faults, string field = "email")
    {
        var trimmed = text?.Trim() ?? "";
        var fault = trimmed switch
        {
            "" => "is required",
            { Length: > CharactersMax } => $"must have at most {CharactersMax} characters",
            _ => null,
        };
        if (fault is null && Normalise(trimmed) is { } normal)
        {
            return new EmailAddress(normal);
        }

        faults.Add(field, fault ?? Shape);
        return null;
    }

    public static EmailAddress? ParseOrNull(string? text) => Parse(text, new Faults());

    public override string ToString() => Text;

    private static string? Normalise(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > LocalCharactersMax || at != text.LastIndexOf('@') || text.Any(IsRefused))
        {
            return null;
        }

        var local = text[..at];
        var host = Host(text[(at + 1)..]);
        if (host is null || local.Split('.').Contains(""))
        {
            return null;
        }

        var normal = $"{local.Normalize().ToLowerInvariant()}@{host}";
        return normal.Length <= CharactersMax ? normal : null;
    }

    private static string? Host(string text)
    {
        try
        {
            var host = Idn.GetAscii(text).ToLowerInvariant();
            return host.Contains('.', StringComparison.Ordinal) && !host.EndsWith('.') ? host : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Format characters are invisible: two addresses could look the same and not be.
    private static bool IsRefused(char c) =>
        char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
        || c is '<' or '>' or '(' or ')' or '[' or ']' or ',' or ';' or ':' or '\\' or '"';
}

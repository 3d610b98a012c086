using System.Text;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Text of unknown origin, such as an exception's message or a foreign payload, made fit for both databases: U+0000
/// and broken surrogates are replaced.
/// </summary>
internal static class StorableText
{
    public const int NameMax = 200;
    public const int ErrorMax = 4_000;

    public static string Of(string text, int lengthMax = int.MaxValue)
    {
        var part = text.Length > lengthMax ? text[..lengthMax] : text;
        var storable = new StringBuilder(part.Length);
        foreach (var rune in part.EnumerateRunes())
        {
            storable.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }

        return storable.ToString();
    }

    public static string Of(Exception failure) => Of(failure.ToString(), ErrorMax);
}

using System.Text;

namespace Gatehouse.Foundation.Jobs;

internal static class StoredText
{
    private const int LengthMax = 2_000;

    /// <summary>
    /// What a column takes of any text: PostgreSQL stores neither U+0000 nor half a character, and a message of an
    /// exception may hold anything.
    /// </summary>
    public static string? Fit(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var cut = text.Length > LengthMax ? text[..LengthMax] : text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut.Replace("\0", "", StringComparison.Ordinal)));
    }
}

using System.Globalization;
using System.Text;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Makes a name as short as its place, by whole characters as people see them.</summary>
internal static class Shorten
{
    // An isolate keeps the direction of a name from what stands around it.
    private const char FirstStrongIsolate = '\u2068';
    private const char PopDirectionalIsolate = '\u2069';

    /// <param name="places">Of a Latin letter each; signs of East Asia and emoji take two.</param>
    /// <param name="name">Whatever somebody called it.</param>
    public static string To(int places, string name)
    {
        var (shown, taken) = (new StringBuilder(), 0);
        var elements = StringInfo.GetTextElementEnumerator(name);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            taken += WidthOf(element);
            if (taken > places)
            {
                shown.Append('…');
                break;
            }

            shown.Append(element);
        }

        return $"{FirstStrongIsolate}{shown}{PopDirectionalIsolate}";
    }

    private static int WidthOf(string element) => element.EnumerateRunes().Max(rune => rune.Value) switch
    {
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE00 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0x1F000 => 2,
        _ => 1,
    };
}

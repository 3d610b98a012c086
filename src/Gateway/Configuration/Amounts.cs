using System.Globalization;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Numbers with a unit, as they are written in the file.</summary>
internal static class Amounts
{
    private static readonly (string Unit, long Milliseconds)[] Times =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    private static readonly (string Unit, long Bytes)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("B", 1)];

    public static TimeSpan? Duration(string text) => Number(text, Times, digits: 9) is { } milliseconds
        ? TimeSpan.FromMilliseconds(milliseconds)
        : null;

    public static long? Size(string text) => Number(text, Sizes, digits: 12);

    public static string Text(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        var (unit, factor) = Times.Last(t => milliseconds % t.Milliseconds == 0);
        return milliseconds == 0 ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / factor}{unit}");
    }

    public static string Text(long bytes)
    {
        var (unit, factor) = Sizes.OrderByDescending(s => s.Bytes).First(s => bytes % s.Bytes == 0);
        return bytes == 0 ? "0B" : string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }

    private static long? Number(string text, (string Unit, long Factor)[] units, int digits)
    {
        foreach (var (unit, factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && text.Length - unit.Length <= digits &&
                long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number * factor;
            }
        }

        return null;
    }
}

namespace Gatehouse.Journal.Domain;

/// <summary>Days in a row that each have an entry.</summary>
/// <param name="Current">Days up to today, or up to yesterday while today has none.</param>
internal sealed record Streaks(int Current, DateOnly? CurrentFrom, int Longest, DateOnly? LongestFrom)
{
    /// <param name="days">With an entry, each once; those after today do not count yet.</param>
    /// <param name="today">In the person's time zone.</param>
    public static Streaks Of(IEnumerable<DateOnly> days, DateOnly today)
    {
        var (start, end) = (DateOnly.MinValue, DateOnly.MinValue);
        var (longest, longestFrom) = (0, (DateOnly?)null);
        foreach (var day in days.Where(day => day <= today).Order())
        {
            start = day.DayNumber == end.DayNumber + 1 ? start : day;
            end = day;
            if (LengthOf(start, end) >= longest)
            {
                (longest, longestFrom) = (LengthOf(start, end), start);
            }
        }

        var goesOn = longest > 0 && today.DayNumber - end.DayNumber <= 1;
        return goesOn
            ? new Streaks(LengthOf(start, end), start, longest, longestFrom)
            : new Streaks(0, null, longest, longestFrom);
    }

    private static int LengthOf(DateOnly start, DateOnly end) => end.DayNumber - start.DayNumber + 1;
}

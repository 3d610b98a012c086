namespace Gatehouse.Journal.Domain;

/// <summary>Days from the first to before the last, in the person's own time zone.</summary>
internal sealed record DayRange(DateOnly From, DateOnly Until)
{
    public int Days => Until.DayNumber - From.DayNumber;

    /// <summary>Whole months are read as such; what is over at either end, day by day.</summary>
    public (DayRange Head, DayRange Months, DayRange Tail) Split()
    {
        var (first, last) = (MoodKey.MonthOf(From), MoodKey.MonthOf(Until));
        first = first == From ? first : first.AddMonths(1);
        return first < last
            ? (new DayRange(From, first), new DayRange(first, last), new DayRange(last, Until))
            : (this, new DayRange(From, From), new DayRange(From, From));
    }

    /// <summary>Each week (ISO 8601) that touches the range, by its Monday.</summary>
    public IEnumerable<DateOnly> Weeks()
    {
        for (var week = WeekOf(From); week < Until; week = week.AddDays(7))
        {
            yield return week;
        }
    }

    public IEnumerable<DateOnly> Months()
    {
        for (var month = MoodKey.MonthOf(From); month < Until; month = month.AddMonths(1))
        {
            yield return month;
        }
    }

    public IEnumerable<DateOnly> EachDay()
    {
        for (var day = From; day < Until; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    public static DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}

/// <summary>What is asked for.</summary>
/// <param name="Window">Days that a moving average is over.</param>
/// <param name="Compared">Another range, if one was given.</param>
internal sealed record StatsRange(DayRange Range, int Window, DayRange? Compared)
{
    /// <summary>With the days before it that its first average needs.</summary>
    public DayRange Averaged => Range with { From = Range.From.AddDays(1 - Window) };
}

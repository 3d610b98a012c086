using System.Globalization;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Puts days in their place on an axis, and names round ones.</summary>
internal sealed class DayScale(DateOnly from, DateOnly until, double start, double end)
{
    private const int LabelsMax = 9;
    private static readonly int[] DaySteps = [1, 2, 7, 14];
    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240];
    private readonly int days = Math.Max(1, until.DayNumber - from.DayNumber);

    /// <summary>The middle of a day, or of several.</summary>
    public double Place(DateOnly first, int count = 1) =>
        start + ((first.DayNumber - from.DayNumber + (count / 2.0)) / days * (end - start));

    /// <summary>Where each begins.</summary>
    public IEnumerable<(double Place, string Label)> Ticks()
    {
        foreach (var day in Days())
        {
            yield return (start + ((day.DayNumber - from.DayNumber) / (double)days * (end - start)), Label(day));
        }
    }

    private IEnumerable<DateOnly> Days()
    {
        foreach (var step in DaySteps.Where(step => days / step < LabelsMax).Take(1))
        {
            // Weeks begin on Monday.
            var first = step < 7 ? from : from.AddDays((8 - (int)from.DayOfWeek) % 7);
            return Enumerable.Range(0, days).Select(i => first.AddDays(i * step)).TakeWhile(day => day < until);
        }

        var months = MonthSteps.First(step => days / 30.4 / step < LabelsMax || step == MonthSteps[^1]);
        var january = new DateOnly(from.Year - (from.Year % Math.Max(1, months / 12)), 1, 1);
        return Enumerable.Range(0, (days / 28) + 13 + months).Select(i => january.AddMonths(i * months))
            .SkipWhile(day => day < from).TakeWhile(day => day < until);
    }

    private string Label(DateOnly day) => day.ToString(
        days < 120 ? "d MMM" : days > 3_000 ? "yyyy" : "MMM yyyy", CultureInfo.InvariantCulture);
}

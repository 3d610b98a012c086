using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Draws statistics; whatever number is in a chart is theirs.</summary>
internal sealed class EntryChartService(IEntryStats stats, TimeProvider time)
{
    private const int MediumDays = 186;
    private const int LongDays = 1_300;

    public async Task<Result<string>> Draw(
        Caller caller,
        string name,
        DateOnly? from,
        DateOnly? until,
        int? window,
        ChartTheme theme,
        CancellationToken cancellation)
    {
        Func<StatsView, ChartTheme, string>? draw = name switch
        {
            "mood" => MoodChart.Draw,
            "calendar" => CalendarChart.Draw,
            "distribution" => GroupCharts.Distribution,
            "weekday-hours" => GroupCharts.WeekdayHours,
            "categories" => GroupCharts.Categories,
            _ => null,
        };
        if (draw is null)
        {
            return Problem.NotFound("chart");
        }

        var query = new StatsQuery(from, until, window ?? WindowOf(from, until));
        var view = await stats.Get(caller, query, cancellation);
        return view.Map(found => draw(found, theme));
    }

    // The longer the range, the calmer the line.
    private int WindowOf(DateOnly? from, DateOnly? until)
    {
        var last = until ?? DateOnly.FromDateTime(time.Now().UtcDateTime);
        return (from is { } first ? last.DayNumber - first.DayNumber : StatsQuery.DaysDefault) switch
        {
            > LongDays => 90,
            > MediumDays => 30,
            _ => StatsQuery.WindowDefault,
        };
    }
}

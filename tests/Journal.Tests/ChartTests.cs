using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Journal.Services;

namespace Gatehouse.Journal.Tests;

/// <summary>Charts of statistics made up here: every number in a chart is theirs.</summary>
public sealed class ChartTests
{
    private static readonly string[] Names =
    [
        "Work", "Family", "تمارين رياضية", "東京タワーと長い名前の旅行の思い出と友だち", "🏃🏽‍♀️ Running 👨‍👩‍👧‍👦",
        "An unreasonably long category name, of 50 letters", "<b>&\"'\u0001\u202Eevil", "Ü", "Sleep", "שינה טובה (7)",
    ];

    private static readonly Dictionary<string, Func<StatsView, ChartTheme, string>> Charts = new()
    {
        ["mood"] = MoodChart.Draw,
        ["calendar"] = CalendarChart.Draw,
        ["distribution"] = GroupCharts.Distribution,
        ["weekday-hours"] = GroupCharts.WeekdayHours,
        ["categories"] = GroupCharts.Categories,
    };

    public static TheoryData<int, int> Ranges => new()
    {
        { 1, 1 }, { 30, 3 }, { 30, 100 }, { 62, 50 }, { 63, 50 }, { 186, 40 }, { 365, 60 }, { 3_653, 70 },
        { 36_525, 30 }, { 30, 0 }, { 3_653, 0 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Every_number_of_a_chart_is_of_the_statistics_and_every_one_of_them_is_in_it(int days, int density)
    {
        var stats = Statistics(days, density);
        foreach (var (name, draw) in Charts)
        {
            var svg = draw(stats, ChartTheme.Light);
            Assert.Equal(svg, draw(stats, ChartTheme.Light));
            Show($"{name}-{days}-{density}", stats, draw);
            var chart = XDocument.Parse(svg);
            Assert.InRange(svg.Length, 500, 1_200_000);
            AssertIsAccessible(chart, name);
            var marks = chart.Descendants().Where(mark => mark.Attribute("data-value") is not null).ToLookup(
                mark => mark.Attribute("data-series")!.Value,
                mark => (
                    mark.Attribute("data-key")!.Value,
                    double.Parse(mark.Attribute("data-value")!.Value, CultureInfo.InvariantCulture),
                    (string?)mark.Attribute("data-count")));
            var expected = Expected(name, stats).Where(mark => mark.Value is not null).ToLookup(
                mark => mark.Series,
                mark => (mark.Key, mark.Value!.Value, mark.Count?.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal(expected.Select(series => series.Key).Order(), marks.Select(series => series.Key).Order());
            Assert.All(expected, series => Assert.Equal(series.Order(), marks[series.Key].Order()));
        }
    }

    [Fact]
    public void Chart_is_the_same_whatever_the_servers_language()
    {
        var stats = Statistics(3_653, 50);
        var (before, expected) = (CultureInfo.CurrentCulture, Charts.Values.Select(Light).ToList());
        CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
        try
        {
            Assert.Equal(expected, Charts.Values.Select(Light));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string Light(Func<StatsView, ChartTheme, string> draw) => draw(stats, ChartTheme.Light);
    }

    [Fact]
    public void Colours_are_the_readers_or_those_that_were_asked_for_and_the_policy_lets_them_in()
    {
        var texts = Enum.GetValues<ChartTheme>().ToDictionary(
            theme => theme, theme => MoodChart.Draw(Statistics(30, 50), theme));
        Assert.Contains("prefers-color-scheme:dark", texts[ChartTheme.Auto], StringComparison.Ordinal);
        Assert.DoesNotContain("prefers-color-scheme", texts[ChartTheme.Dark], StringComparison.Ordinal);
        Assert.Equal(3, texts.Values.Distinct().Count());
        foreach (var (theme, text) in texts)
        {
            var style = XDocument.Parse(text).Root!.Elements().Single(child => child.Name.LocalName == "style").Value;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(style));
            Assert.Contains(
                $"style-src 'sha256-{Convert.ToBase64String(hash)}'", ChartStyle.PolicyOf(theme),
                StringComparison.Ordinal);
            Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
        }
    }

    private static void AssertIsAccessible(XDocument chart, string name)
    {
        var root = chart.Root!;
        Assert.Equal(("svg", "img"), (root.Name.LocalName, root.Attribute("role")!.Value));
        Assert.Equal($"{name}-title {name}-description", root.Attribute("aria-labelledby")!.Value);
        var told = root.Elements().Where(element => element.Attribute("id") is not null).ToList();
        Assert.Equal(["title", "desc"], told.Select(element => element.Name.LocalName));
        Assert.All(told, element => Assert.NotEmpty(element.Value));
        string[] known = ["svg", "title", "desc", "style", "rect", "circle", "line", "path", "text"];
        Assert.Empty(chart.Descendants().Select(element => element.Name.LocalName).Except(known));
        Assert.All(
            chart.Descendants().Where(element => element.Attribute("data-value") is not null),
            mark => Assert.Contains(mark.Elements(), child => child.Name.LocalName == "title"));
        Assert.DoesNotContain(
            chart.Descendants().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal));
    }

    private static IEnumerable<ChartMark> Expected(string name, StatsView stats)
    {
        ChartMark Of(string series, string key, MoodFigures figures) =>
            new(series, key, figures.Mean, "") { Count = figures.Count };
        yield return Of("summary", "mean", stats.Summary);
        var days = (stats.Days ?? []).Select(day => Of("day", Key(day.Date), day.Figures));
        var months = stats.Months.Select(month => Of("month", Key(month.Start), month.Figures));
        var weeks = stats.Weeks.Select(week => Of("week", Key(week.Start), week.Figures));
        var (isShort, isMedium) = (stats.Range.Days <= 186, stats.Range.Days <= 186 * 7);
        var marks = stats.Summary.Count == 0 ? [] : name switch
        {
            "mood" => (isShort ? days : isMedium ? weeks : months).Concat(Averages(stats, isShort, isMedium)),
            "calendar" => stats.Days is null ? months : days,
            "distribution" => stats.Distribution.Select((count, i) => new ChartMark("mood", $"{i + 1}", count, "")),
            "weekday-hours" => stats.WeekdayHours.Select(hour =>
                Of("hour", $"{hour.Weekday}-{hour.Hour}", hour.Figures)),
            _ => stats.Categories.Items.Take(20).Select(category =>
                Of("category", category.Name.Replace('\u0001', '\uFFFD'), category.Figures)),
        };
        foreach (var mark in marks)
        {
            yield return mark;
        }
    }

    private static IEnumerable<ChartMark> Averages(StatsView stats, bool isShort, bool isMedium) =>
        from day in stats.Days ?? []
        let next = day.Date.AddDays(1)
        where isShort || next == stats.Range.Until ||
            (isMedium ? next.DayOfWeek == DayOfWeek.Monday : next.Day == 1)
        select new ChartMark("average", Key(day.Date), day.MovingAverage, "");

    private static string Key(DateOnly day) => $"{day:yyyy-MM-dd}";

    private static StatsView Statistics(int length, int density)
    {
        var random = new Random(length + density);
        var until = new DateOnly(2031, 2, 14);
        var from = until.AddDays(-length);
        var days = new List<(DateOnly Date, List<int> Moods)>();
        for (var i = 0; i < length; i++)
        {
            var level = 5.5 + (2.5 * Math.Sin(i * 6.3 / Math.Max(40, length / 3.0)));
            var count = random.Next(100) < density ? 1 + random.Next(4) : 0;
            days.Add((from.AddDays(i), [.. Enumerable.Range(0, count).Select(_ =>
                Math.Clamp((int)Math.Round(level + (random.NextDouble() * 5) - 2.5), 1, 10))]));
        }

        var all = days.SelectMany(day => day.Moods).ToList();
        var views = days.Select((day, i) => new DayView(
            day.Date,
            Figures(day.Moods),
            Figures([.. days.Skip(Math.Max(0, i - 6)).Take(Math.Min(7, i + 1)).SelectMany(d => d.Moods)]).Mean));
        PeriodView[] By(Func<DateOnly, DateOnly> start) =>
            [.. days.GroupBy(day => start(day.Date)).Select(group =>
                new PeriodView(group.Key, Figures([.. group.SelectMany(day => day.Moods)])))];
        return new StatsView(
            "Europe/Berlin",
            new RangeView(from, until, length, 7),
            Figures(all),
            [.. Enumerable.Range(1, 10).Select(mood => (long)all.Count(other => other == mood))],
            length > 3_660 ? null : [.. views],
            By(day => day.AddDays(-(((int)day.DayOfWeek + 6) % 7))),
            By(day => new DateOnly(day.Year, day.Month, 1)),
            [],
            [],
            [.. all.Select((mood, i) => (mood, At: (Day: 1 + (i % 7), Hour: 6 + (i * 5 % 17)))).GroupBy(one => one.At)
                .Select(group => new WeekdayHourView(
                    group.Key.Day, group.Key.Hour, Figures([.. group.Select(one => one.mood)])))],
            new GroupsView(
                [.. all.Select((mood, i) => (mood, Name: Name(i, days.Count))).GroupBy(one => one.Name)
                    .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new GroupView(group.Key, Figures([.. group.Select(one => one.mood)])))],
                0),
            new GroupsView([], 0),
            new ExtremesView(3, [], []),
            new StreaksView(0, null, 0, null),
            null);
    }

    private static string Name(int i, int days) =>
        days > 1_000 && i % 3 == 0 ? $"Category {i % 50}" : Names[((i * 7) + (i / 3)) % Names.Length];

    private static MoodFigures Figures(List<int> moods) => moods.Count == 0
        ? new MoodFigures(0, null, null, null)
        : new MoodFigures(moods.Count, moods.Average(), moods.Order().ElementAt(moods.Count / 2), 1);

    // CHARTS=folder writes them all, to be looked at.
    private static void Show(string name, StatsView stats, Func<StatsView, ChartTheme, string> draw)
    {
        if (Environment.GetEnvironmentVariable("CHARTS") is { Length: > 0 } folder)
        {
            foreach (var theme in Enum.GetValues<ChartTheme>())
            {
                File.WriteAllText(Path.Combine(folder, $"{name}.{theme}.svg".ToLowerInvariant()), draw(stats, theme));
            }
        }
    }
}

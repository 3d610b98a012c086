using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Http;
using Gatehouse.Journal.Services;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Journal.Tests.Statistics;

public sealed class StatsParametersTests
{
    [Theory]
    [InlineData("?from=2030-13-01&until=x&window=91&category=Work&compareFrom=2030-01-01",
        "category compareUntil from until window")]
    [InlineData("?from=2030-02-01&until=2030-02-01&compareFrom=1899-12-31&compareUntil=2000-01-02",
        "compareFrom compareUntil from")]
    [InlineData("?from=1930-01-01&until=2030-01-02", "until")]
    [InlineData("?from=2030-01-31T00:00:00Z&compareUntil=2201-01-01", "compareFrom compareUntil from")]
    [InlineData("?from=1930-01-02&until=2030-01-02&window=90", "")]
    public async Task Every_fault_is_named_at_once(string query, string faults)
    {
        Assert.Equal(faults, await Faults(query, async context => await StatsParameters.BindAsync(context, null!)));
    }

    [Theory]
    [InlineData("?until=0001-01-05", "until")]
    [InlineData("?from=9999-12-31&window=7", "from")]
    [InlineData("?from=2030-02-01&until=2030-01-01&theme=red&window=91", "from theme window")]
    [InlineData("?category=Work&tag=tea&moodMin=1&moodMax=2&q=walk", "category moodMax moodMin q tag")]
    [InlineData("?from=2030-01-01&theme=dark", "")]
    public async Task Every_fault_of_a_chart_is_named_at_once(string query, string faults)
    {
        Assert.Equal(faults, await Faults(query, async context => await ChartQuery.BindAsync(context, null!)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public async Task Days_that_no_calendar_has_are_refused_by_whoever_is_asked(int? window)
    {
        await using var diary = await Diary.Open(TestDatabase.CreateInMemory());
        var drawn = await diary.Get<EntryChartService>().Draw(
            diary.Ada, "mood", null, DateOnly.MinValue, window, ChartTheme.Auto, TestContext.Current.CancellationToken);

        Assert.Equal("until", Assert.Single(drawn.Problem!.Errors).Key);
    }

    private static async Task<string> Faults(string query, Func<HttpContext, Task> bind)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        var failure = await Record.ExceptionAsync(() => bind(context));
        var named = (failure as ProblemException)?.Problem.Errors.Keys.Order(StringComparer.Ordinal);
        return string.Join(' ', named ?? Enumerable.Empty<string>());
    }
}

using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Http;
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
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        var failure = await Record.ExceptionAsync(async () => await StatsParameters.BindAsync(context, null!));

        var named = (failure as ProblemException)?.Problem.Errors.Keys.Order(StringComparer.Ordinal);
        Assert.Equal(faults, string.Join(' ', named ?? Enumerable.Empty<string>()));
    }
}

using System.Text;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class ChartEndpoints
{
    public static void MapEntryCharts(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/entries/charts/{name}.svg", Draw).WithTags("Journal").RequireAuthorization()
            .Produces<string>(StatusCodes.Status200OK, Chart.ContentType).WithName("getEntryChart").WithETag()
            .WithSummary("A picture of your statistics: mood, calendar, distribution, weekday-hours or categories.");

    private static Task<JournalResult> Draw(
        string name, ChartQuery query, HttpContext context, EntryChartService charts, JournalAnswers answers)
    {
        var caller = context.User.Caller();
        // Opened by itself it may show its style, and run or load nothing.
        context.Response.Headers.ContentSecurityPolicy = ChartStyle.PolicyOf(query.Theme);
        return answers.Bytes(
            context,
            $"chart:{answers.Today}:{query.Key}:{name}",
            Chart.ContentType,
            async ending => (await charts.Draw(
                caller, name, query.From, query.Until, query.Window, query.Theme, ending)).Map(Encoding.UTF8.GetBytes));
    }
}

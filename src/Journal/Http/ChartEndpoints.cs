using System.Text;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Documents.Charts;
using Gatehouse.Foundation.Http;
using Gatehouse.Journal.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class ChartEndpoints
{
    public static void MapEntryCharts(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/entries/charts/{name}.svg", Draw).WithTags("Journal").RequireAuthorization()
            .Produces<string>(StatusCodes.Status200OK, Chart.ContentType).WithName("getEntryChart")
            .WithSummary("A picture of your statistics: mood, calendar, distribution, weekday-hours or categories.");

    private static async Task<Results<FileContentHttpResult, ProblemResult>> Draw(
        string name, ChartQuery query, HttpContext context, EntryChartService charts, CancellationToken cancellation)
    {
        var drawn = await charts.Draw(
            context.User.Caller(), name, query.From, query.Until, query.Window, query.Theme, cancellation);
        if (drawn.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        // Opened by itself it may show its style, and run or load nothing.
        context.Response.Headers.ContentSecurityPolicy = ChartStyle.PolicyOf(query.Theme);
        return TypedResults.File(Encoding.UTF8.GetBytes(drawn.Value), Chart.ContentType);
    }
}

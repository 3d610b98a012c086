using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/entries/stats", Get).WithTags("Journal").RequireAuthorization()
            .WithName("getEntryStats")
            .WithSummary("What the moods of a range of days add up to, in your time zone.");

    private static async Task<Results<Ok<StatsView>, ProblemResult>> Get(
        StatsParameters query, HttpContext context, IEntryStats stats, CancellationToken cancellation)
    {
        var answer = await stats.Get(context.User.Caller(), query.Query, cancellation);
        return answer.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(answer.Value);
    }
}

using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/entries/stats", Get).WithTags("Journal").RequireAuthorization()
            .WithName("getEntryStats").WithETag().Produces<StatsView>()
            .WithSummary("What the moods of a range of days add up to, in your time zone.");

    private static Task<JournalResult> Get(
        StatsParameters query, HttpContext context, IEntryStats stats, JournalAnswers answers)
    {
        var caller = context.User.Caller();
        return answers.Json(
            context, $"stats:{answers.Today}:{query.Key}", ending => stats.Get(caller, query.Query, ending));
    }
}

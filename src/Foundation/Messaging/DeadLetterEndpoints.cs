using System.ComponentModel;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Foundation.Messaging;

public static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder endpoints)
    {
        var letters = endpoints.MapGroup("/admin/dead-letters").WithTags("Operations")
            .RequireAuthorization(Permissions.OperationsView);
        letters.MapGet("", List).WithName("listDeadLetters")
            .WithSummary("Integration events that consumers gave up on, newest first.");
        letters.MapGet("/{id}", Get).WithName("getDeadLetter").WithSummary("One dead letter with error and payload.");
        letters.MapPost("/{id}/replay", Replay).RequireAuthorization(Permissions.OperationsManage)
            .WithName("replayDeadLetter")
            .WithSummary("Gives one to its consumer again, with all its attempts.");
        letters.MapPost("/replay", ReplayAll).RequireAuthorization(Permissions.OperationsManage)
            .WithName("replayDeadLetters")
            .WithSummary("Gives all to their consumers again, or those of one consumer or type.");
        letters.MapDelete("/{id}", Discard).RequireAuthorization(Permissions.OperationsManage)
            .WithName("discardDeadLetter")
            .WithSummary("Drops one for good; should its event come once more, it counts as handled.");
    }

    private static async Task<Results<Ok<ListAnswer<DeadLetter>>, ProblemResult>> List(
        PageQuery page,
        [Description("Only of this consumer.")] string? consumer,
        [Description("Only events of this type.")] string? type,
        DeadLetters letters,
        CancellationToken cancellation)
    {
        var filter = Filter(consumer, type);
        return filter.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<DeadLetter>.From(
                await letters.List(filter.Value, page.Request, cancellation)));
    }

    private static async Task<Results<Ok<DeadLetter>, ProblemResult>> Get(
        RouteId id, DeadLetters letters, CancellationToken cancellation)
    {
        var letter = await letters.Get(id.Value, cancellation);
        return letter.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(letter.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Replay(
        RouteId id, DeadLetters letters, CancellationToken cancellation)
    {
        var replayed = await letters.Replay(id.Value, cancellation);
        return replayed.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ReplayedLetters>, ProblemResult>> ReplayAll(
        [Description("Only of this consumer.")] string? consumer,
        [Description("Only events of this type.")] string? type,
        DeadLetters letters,
        CancellationToken cancellation)
    {
        var filter = Filter(consumer, type);
        return filter.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(new ReplayedLetters(await letters.Replay(filter.Value, cancellation)));
    }

    private static async Task<Results<NoContent, ProblemResult>> Discard(
        RouteId id, DeadLetters letters, CancellationToken cancellation)
    {
        var discarded = await letters.Discard(id.Value, cancellation);
        return discarded.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static Result<DeadLetterFilter> Filter(string? consumer, string? type)
    {
        var faults = new Faults();
        if (consumer is not null)
        {
            faults.Text("consumer", consumer, 1, StorableText.NameMax);
        }

        if (type is not null)
        {
            faults.Text("type", type, 1, StorableText.NameMax);
        }

        return faults.Any ? faults.ToProblem(ProblemCodes.InvalidQuery) : new DeadLetterFilter(consumer, type);
    }
}

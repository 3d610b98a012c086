using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Json;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Foundation.Resilience;

internal static class BreakerEndpoints
{
    public static void MapBreakers(this IEndpointRouteBuilder endpoints)
    {
        var breakers = endpoints.MapGroup("/admin/breakers").WithTags("Operations")
            .RequireAuthorization(Permissions.OperationsView);
        breakers.MapGet("", List).WithName("listBreakers")
            .WithSummary("What this instance calls and how each does, those in trouble first; by page only.");
        breakers.MapPost("/{name}", Force).RequireAuthorization(Permissions.OperationsManage)
            .WithName("forceBreaker")
            .WithSummary("Holds a breaker open or closed in this instance until it is set back to auto.");
    }

    private static Results<Ok<ListAnswer<BreakerView>>, ProblemResult> List(PageQuery page, Dependencies dependencies)
    {
        if (page.Request.Number is not { } number)
        {
            var faults = new Faults();
            faults.Add("cursor", "is not offered here; use page");
            return new ProblemResult(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        var all = dependencies.States;
        var items = all.OrderByDescending(state => state.Phase).ThenBy(state => state.Name, StringComparer.Ordinal)
            .Skip(page.Request.Offset).Take(page.Request.Limit).Select(state => BreakerView.Of(state)).ToList();
        return TypedResults.Ok(ListAnswer<BreakerView>.From(
            new Page<BreakerView>(items, page.Request.Limit) { Number = number, Total = all.Count }));
    }

    private static async Task<Results<Ok<BreakerView>, ProblemResult>> Force(
        string name, JsonBody<ForceBreaker> body, BreakerService breakers, CancellationToken cancellation)
    {
        var forced = await breakers.Force(name, body.Value.State, cancellation);
        return forced.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(forced.Value);
    }
}

/// <param name="State"><c>open</c>, <c>closed</c>, or <c>auto</c> to let it decide by itself again.</param>
internal sealed record ForceBreaker(string? State = null);

/// <summary>A dependency of this instance.</summary>
/// <param name="Name">Such as <c>redis</c>.</param>
/// <param name="State"><c>closed</c>, <c>half-open</c> or <c>open</c>.</param>
/// <param name="Forced">An administrator holds it there.</param>
/// <param name="Failures">In a row.</param>
/// <param name="OpenUntil">When one call may try; absent unless it is open of its own accord.</param>
/// <param name="InFlight">Calls under way.</param>
/// <param name="LastFailure">The kind of the last failure.</param>
/// <param name="Instance">Which process answers: others have breakers of their own.</param>
/// <param name="Audited">False where it was forced while no database could take the row of the audit log.</param>
internal sealed record BreakerView(
    string Name,
    string State,
    bool Forced,
    int Failures,
    DateTimeOffset? OpenUntil,
    int InFlight,
    string? LastFailure,
    string Instance,
    bool? Audited)
{
    private static readonly string ThisInstance = $"{Environment.MachineName}:{Environment.ProcessId}";

    public static BreakerView Of(DependencyState state, bool? audited = null) => new(
        state.Name,
        state.Phase.ToText(),
        state.Force != BreakerForce.None,
        state.Failures,
        state.OpenUntil,
        state.InFlight,
        state.LastFailure,
        ThisInstance,
        audited);
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ListAnswer<BreakerView>))]
[JsonSerializable(typeof(ForceBreaker))]
internal sealed partial class BreakerJson : JsonSerializerContext;

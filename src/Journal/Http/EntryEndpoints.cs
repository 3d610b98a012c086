using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Journal.Http;

internal static class EntryEndpoints
{
    private const int BodyBytesMax = 128 * 1024;
    private const int ManyBytesMax = 4 * 1024 * 1024;

    public static void MapEntries(this IEndpointRouteBuilder endpoints)
    {
        var entries = endpoints.MapGroup("/entries").WithTags("Journal").RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        entries.MapGet("", List).WithName("listEntries").WithETag().WithSummary("Your entries, newest first.");
        entries.MapPost("", Create).WithName("createEntry").WithETag()
            .WithSummary("Writes an entry; with Idempotency-Key a repeated call is answered like the first.");
        entries.MapPost("/batch", CreateMany).WithName("createEntries")
            .WithMetadata(new RequestSizeLimitAttribute(ManyBytesMax))
            .WithSummary("Writes up to 1,000 entries, those that are sound; each is answered in its place.");
        entries.MapGet("/{id}", Get).WithName("getEntry").WithETag().WithSummary("One entry of yours.");
        entries.MapPatch("/{id}", Update).WithName("updateEntry").WithETag()
            .WithSummary("Changes what is given of an entry of yours.");
        entries.MapPatch("", UpdateByQuery).WithName("updateEntryByQuery").WithETag()
            .WithSummary("The same, with the id in the query.");
        entries.MapDelete("/{id}", Delete).WithName("deleteEntry")
            .WithSummary("Deletes an entry of yours; for a day it can be restored.");
        entries.MapDelete("", DeleteByQuery).WithName("deleteEntryByQuery")
            .WithSummary("The same, with the id in the query.");
        entries.MapPost("/{id}/restore", Restore).WithName("restoreEntry").WithETag()
            .WithSummary("Brings back what you deleted within the last day.");
    }

    private static async Task<Results<Ok<ListAnswer<EntryView>>, JournalResult>> List(
        PageQuery page,
        EntryQuery query,
        HttpContext context,
        IEntries entries,
        JournalAnswers answers,
        CancellationToken cancellation)
    {
        var (caller, request) = (context.User.Caller(), page.Request);
        if (request is not ({ Number: 1 } or { Number: null, After: null }))
        {
            return TypedResults.Ok(await Read(cancellation));
        }

        // The page that is looked at all the time. What follows is walked once.
        var filter = JsonSerializer.Serialize(query.Filter, JournalJson.Default.EntryFilter);
        return await answers.Json(
            context,
            string.Create(CultureInfo.InvariantCulture, $"list:{request.Limit}:{request.Number}:{filter}"),
            async ending => (Result<ListAnswer<EntryView>>)await Read(ending));

        async Task<ListAnswer<EntryView>> Read(CancellationToken ending) =>
            ListAnswer<EntryView>.From(await entries.List(caller, query.Filter, request, ending));
    }

    private static async Task<Results<Created<EntryView>, ProblemResult>> Create(
        IdempotencyKey idempotencyKey,
        JsonBody<CreateEntry> body,
        HttpContext context,
        IEntries entries,
        CancellationToken cancellation)
    {
        var created = await entries.Create(context.User.Caller(), body.Value, idempotencyKey.Value, cancellation);
        if (created.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        var entry = created.Value.Entry;
        TellReplay(context, created.Value.Replayed);
        context.Response.Headers.ETag = IfMatch.Tag(entry.Version);
        return TypedResults.Created($"/entries/{entry.Id}", entry);
    }

    private static async Task<Results<Ok<EntryResults>, ProblemResult>> CreateMany(
        IdempotencyKey idempotencyKey,
        JsonBody<CreateEntries> body,
        HttpContext context,
        IEntries entries,
        CancellationToken cancellation)
    {
        var created = await entries.CreateMany(context.User.Caller(), body.Value, idempotencyKey.Value, cancellation);
        if (created.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        TellReplay(context, created.Value.Replayed);
        return TypedResults.Ok(created.Value.Results);
    }

    private static async Task<Results<Ok<EntryView>, ProblemResult>> Get(
        RouteId id, HttpContext context, IEntries entries, CancellationToken cancellation) =>
        Answer(context, await entries.Get(context.User.Caller(), id.Value, cancellation));

    private static async Task<Results<Ok<EntryView>, ProblemResult>> Update(
        RouteId id,
        IfMatch ifMatch,
        JsonBody<UpdateEntry> body,
        HttpContext context,
        IEntries entries,
        CancellationToken cancellation) =>
        Answer(
            context,
            await entries.Update(context.User.Caller(), id.Value, body.Value, ifMatch.Version, cancellation));

    private static async Task<Results<Ok<EntryView>, ProblemResult>> UpdateByQuery(
        [Description("The id of the entry.")] string? id,
        IfMatch ifMatch,
        JsonBody<UpdateEntry> body,
        HttpContext context,
        IEntries entries,
        CancellationToken cancellation) =>
        await Update(Required(id), ifMatch, body, context, entries, cancellation);

    private static async Task<Results<NoContent, ProblemResult>> Delete(
        RouteId id, IfMatch ifMatch, HttpContext context, IEntries entries, CancellationToken cancellation)
    {
        var deleted = await entries.Delete(context.User.Caller(), id.Value, ifMatch.Version, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteByQuery(
        [Description("The id of the entry.")] string? id,
        IfMatch ifMatch,
        HttpContext context,
        IEntries entries,
        CancellationToken cancellation) =>
        await Delete(Required(id), ifMatch, context, entries, cancellation);

    private static async Task<Results<Ok<EntryView>, ProblemResult>> Restore(
        RouteId id, HttpContext context, IEntries entries, CancellationToken cancellation) =>
        Answer(context, await entries.Restore(context.User.Caller(), id.Value, cancellation));

    private static RouteId Required(string? id)
    {
        if (id is null)
        {
            var faults = new Faults();
            faults.Add("id", "is required");
            throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        return new RouteId(Guid.TryParseExact(id, "D", out var value) ? value : Guid.Empty);
    }

    private static void TellReplay(HttpContext context, bool replayed)
    {
        if (replayed)
        {
            context.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }
    }

    private static Results<Ok<EntryView>, ProblemResult> Answer(HttpContext context, Result<EntryView> view)
    {
        if (view.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ETag = IfMatch.Tag(view.Value.Version);
        return TypedResults.Ok(view.Value);
    }
}

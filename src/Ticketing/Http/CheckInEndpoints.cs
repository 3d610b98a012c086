using System.ComponentModel;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

/// <summary>The door of an event, for its organizer and for whoever has a door token of it.</summary>
internal static class CheckInEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    /// <summary>All scanners of a house come from one address.</summary>
    public static readonly LimitPolicy DoorLimit = new(
        "door", LimitBy.Address, LimitAlgorithm.SlidingWindow, 6_000, TimeSpan.FromMinutes(1))
    {
        PerInstance = true,
    };

    public static void MapCheckIns(this IEndpointRouteBuilder endpoints)
    {
        var door = endpoints.MapGroup("/events/{id}").WithTags("Check-in").WithOptionalToken()
            .RequireLimit(DoorLimit.Name).WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        door.MapPost("/check-ins", Scan).WithName("checkIn")
            .WithSummary("Admits a ticket once, or says why not; with scanId a repeated call is answered alike.");
        door.MapPost("/check-ins/{checkInId}/undo", Undo).WithName("undoCheckIn")
            .WithSummary("Takes an admission back, with a reason; the ticket admits again.");
        door.MapGet("/check-ins/counts", Count).WithName("countCheckIns")
            .WithSummary("How many may come and how many came, by type and by gate.");
        door.MapGet("/guests", Guests).WithName("listGuests")
            .WithSummary("Valid tickets and whether they came; found by name, e-mail address or code.");
    }

    private static async Task<Results<Ok<CheckInView>, ProblemResult>> Scan(
        RouteId id,
        DoorTokenHeader door,
        JsonBody<ScanTicket> body,
        ICheckIns checkIns,
        CancellationToken cancellation)
    {
        var scanned = await checkIns.Scan(door.Pass, id.Value, body.Value, cancellation);
        return scanned.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(scanned.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Undo(
        RouteId id,
        RouteId checkInId,
        DoorTokenHeader door,
        JsonBody<UndoCheckIn> body,
        ICheckIns checkIns,
        CancellationToken cancellation)
    {
        var undone = await checkIns.Undo(door.Pass, id.Value, checkInId.Value, body.Value, cancellation);
        return undone.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<CheckInCounts>, ProblemResult>> Count(
        RouteId id, DoorTokenHeader door, ICheckIns checkIns, CancellationToken cancellation)
    {
        var counted = await checkIns.Count(door.Pass, id.Value, cancellation);
        return counted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(counted.Value);
    }

    private static async Task<Results<Ok<ListAnswer<GuestView>>, ProblemResult>> Guests(
        RouteId id,
        DoorTokenHeader door,
        CursorQuery page,
        [Description("The beginning of a name, of an e-mail address; a booking code; a short code.")] string? q,
        HttpContext context,
        ICheckIns checkIns,
        CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "no-store";
        var guests = await checkIns.Guests(door.Pass, id.Value, q, page.Request, cancellation);
        return guests.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<GuestView>.From(guests.Value));
    }
}

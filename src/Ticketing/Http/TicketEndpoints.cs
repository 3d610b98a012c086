using System.Text;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Documents;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

/// <summary>Tickets as pictures and on paper, for their buyer.</summary>
internal static class TicketEndpoints
{
    // At arm's length and on paper: 53 modules with the quiet zone are 424 pixels.
    private const int ModulePixels = 8;

    /// <summary>Up to 100 pages are drawn.</summary>
    public static readonly LimitPolicy PaperLimit = new(
        "ticket-pdf", LimitBy.Address, LimitAlgorithm.SlidingWindow, 60, TimeSpan.FromMinutes(1));

    public static void MapTickets(this IEndpointRouteBuilder endpoints)
    {
        var tickets = endpoints.MapGroup("/bookings/{id}").WithTags("Tickets").WithOptionalToken();
        tickets.MapGet("/tickets.pdf", Paper).RequireLimit(PaperLimit.Name)
            .Produces<Stream>(StatusCodes.Status200OK, "application/pdf").WithName("getTicketsPdf")
            .WithSummary("All valid tickets of a booking of yours, a page each.");
        tickets.MapGet("/tickets/{ticketId}/qr.png", Png).Produces<Stream>(StatusCodes.Status200OK, "image/png")
            .WithName("getTicketPng").WithSummary("The QR code of a ticket of yours as a picture.");
        tickets.MapGet("/tickets/{ticketId}/qr.svg", Svg).Produces<string>(StatusCodes.Status200OK, "image/svg+xml")
            .WithName("getTicketSvg").WithSummary("The same as a drawing, sharp at any size.");
    }

    private static async Task<Results<FileContentHttpResult, ProblemResult>> Paper(
        RouteId id,
        BookingCaller caller,
        HttpContext context,
        ITicketDocuments documents,
        CancellationToken cancellation)
    {
        var written = await documents.Write(caller.Access, id.Value, cancellation);
        return written.Failed(out var problem)
            ? new ProblemResult(problem)
            : Private(context, written.Value.Content, "application/pdf", written.Value.Name);
    }

    private static async Task<Results<FileContentHttpResult, ProblemResult>> Png(
        RouteId id,
        RouteId ticketId,
        BookingCaller caller,
        HttpContext context,
        ITicketDocuments documents,
        CancellationToken cancellation)
    {
        var code = await documents.FindCode(caller.Access, id.Value, ticketId.Value, cancellation);
        return code.Failed(out var problem)
            ? new ProblemResult(problem)
            : Private(context, QrPicture.Png(code.Value, ModulePixels), "image/png");
    }

    private static async Task<Results<FileContentHttpResult, ProblemResult>> Svg(
        RouteId id,
        RouteId ticketId,
        BookingCaller caller,
        HttpContext context,
        ITicketDocuments documents,
        CancellationToken cancellation)
    {
        var code = await documents.FindCode(caller.Access, id.Value, ticketId.Value, cancellation);
        return code.Failed(out var problem)
            ? new ProblemResult(problem)
            : Private(context, Encoding.UTF8.GetBytes(QrPicture.Svg(code.Value)), "image/svg+xml");
    }

    // Whoever has it may enter: it stays in no cache.
    private static FileContentHttpResult Private(
        HttpContext context, byte[] content, string type, string? name = null)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(content, type, name);
    }
}

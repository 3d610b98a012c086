using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class PaymentEndpoints
{
    public static void MapPayments(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/bookings/{id}/payments", Begin).WithTags("Payments").RequireAuthorization()
            .WithName("beginPayment")
            .WithSummary("Begins to pay a held booking of yours; while that is pending, the same payment again.");
        endpoints.MapPost("/events/{id}/bookings/{bookingId}/payments/{paymentId}", Mark).WithTags("Payments")
            .RequireAuthorization(Permissions.EventsManage)
            .WithName("markPayment")
            .WithSummary("Says that money only you can see came, will not come, or went back.");
    }

    private static async Task<Results<Created<PaymentView>, ProblemResult>> Begin(
        RouteId id,
        JsonBody<BeginPayment> body,
        HttpContext context,
        IPayments payments,
        CancellationToken cancellation)
    {
        var begun = await payments.Begin(context.User.Caller(), id.Value, body.Value, cancellation);
        return begun.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/bookings/{begun.Value.BookingId}", begun.Value);
    }

    private static async Task<Results<Ok<PaymentView>, ProblemResult>> Mark(
        RouteId id,
        RouteId bookingId,
        RouteId paymentId,
        JsonBody<MarkPayment> body,
        HttpContext context,
        IPayments payments,
        CancellationToken cancellation)
    {
        var marked = await payments.Mark(
            context.User.Caller(), id.Value, bookingId.Value, paymentId.Value, body.Value, cancellation);
        return marked.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(marked.Value);
    }
}

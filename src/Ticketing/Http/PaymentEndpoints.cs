using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Ticketing.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Http;

internal static class PaymentEndpoints
{
    private const string CallbackLimit = "payment-callback";
    private const int CallbackBytesMax = 64 * 1024;

    public static IServiceCollection AddPaymentLimits(this IServiceCollection services) => services
        .AddRateLimit(_ => new LimitPolicy(
            CallbackLimit, LimitBy.Address, LimitAlgorithm.SlidingWindow, 6_000, TimeSpan.FromMinutes(1))
        {
            PerInstance = true,
        });

    public static void MapPayments(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/bookings/{id}/payments", Begin).WithTags("Payments").WithOptionalToken()
            .WithName("beginPayment")
            .WithSummary("Begins to pay a held booking of yours; while that is pending, the same payment again.");
        endpoints.MapPost("/events/{id}/bookings/{bookingId}/payments/{paymentId}", Mark).WithTags("Payments")
            .RequireAuthorization(Permissions.EventsManage)
            .WithName("markPayment")
            .WithSummary("Says that money only you can see came, will not come, or went back.");
        endpoints.MapPost("/payments/{provider}/callbacks", Receive).WithTags("Payments")
            .WithMetadata(new RequestSizeLimitAttribute(CallbackBytesMax))
            .RequireLimit(CallbackLimit)
            .WithName("receivePaymentCallback")
            .WithSummary("What a payment provider says became of a payment; signed by it.");
    }

    private static async Task<Results<Created<PaymentView>, ProblemResult>> Begin(
        RouteId id,
        JsonBody<BeginPayment> body,
        BookingCaller caller,
        IPayments payments,
        CancellationToken cancellation)
    {
        var begun = await payments.Begin(caller.Access, id.Value, body.Value, cancellation);
        return begun.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/bookings/{begun.Value.BookingId}", begun.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Receive(
        string provider, CallbackBody body, PaymentCallbackService callbacks, CancellationToken cancellation)
    {
        var received = await callbacks.Receive(provider, body.Value, cancellation);
        return received.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
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

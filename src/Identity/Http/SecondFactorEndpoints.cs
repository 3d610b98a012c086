using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

internal static class SecondFactorEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    public static readonly LimitPolicy CodeLimit = new(
        "second-factor-code", LimitBy.User, LimitAlgorithm.FixedWindow, permits: 10, TimeSpan.FromMinutes(15));

    public static void MapSecondFactor(this IEndpointRouteBuilder endpoints)
    {
        var factor = endpoints.MapGroup("/auth/second-factor").WithTags("Identity").RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        factor.MapGet("", Find).WithName("getSecondFactor")
            .WithSummary("Whether a second factor is on, and how many recovery codes are left.");
        factor.MapPost("", Begin).CheckSessionAtOnce().WithName("beginSecondFactor")
            .WithSummary("A secret for an authenticator app, with its QR code; shown once.");
        factor.MapPost("/confirm", Confirm).CheckSessionAtOnce().WithName("confirmSecondFactor")
            .RequireLimit(CodeLimit.Name)
            .WithSummary("Switches the second factor on with the first code; answers ten recovery codes.");
        factor.MapPost("/recovery-codes", Renew).CheckSessionAtOnce().WithName("renewRecoveryCodes")
            .WithSummary("Ten new recovery codes in place of the old ones.");
        factor.MapDelete("", Disable).CheckSessionAtOnce().WithName("disableSecondFactor")
            .WithSummary("Switches the second factor off.");

        endpoints.MapDelete("/users/{id}/second-factor", Reset).WithName("resetSecondFactor").WithTags("Users")
            .RequireAuthorization(Permissions.UsersManage)
            .WithSummary("Switches the second factor off for someone who lost the app and the codes.");
    }

    private static async Task<Ok<SecondFactorView>> Find(
        HttpContext context, ISecondFactors factors, CancellationToken cancellation) =>
        TypedResults.Ok(await factors.Find(context.User.Caller().User, cancellation));

    private static async Task<Results<Ok<SecondFactorSecret>, ProblemResult>> Begin(
        HttpContext context, ISecondFactors factors, CancellationToken cancellation)
    {
        var secret = await factors.Begin(context.User.Caller(), cancellation);
        return secret.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(secret.Value);
    }

    private static async Task<Results<Ok<RecoveryCodes>, ProblemResult>> Confirm(
        JsonBody<SecondFactorCode> body, HttpContext context, ISecondFactors factors, CancellationToken cancellation)
    {
        var codes = await factors.Confirm(context.User.Caller(), body.Value, cancellation);
        return codes.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(codes.Value);
    }

    private static async Task<Results<Ok<RecoveryCodes>, ProblemResult>> Renew(
        HttpContext context, ISecondFactors factors, CancellationToken cancellation)
    {
        var codes = await factors.RenewRecoveryCodes(context.User.Caller(), cancellation);
        return codes.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(codes.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Disable(
        HttpContext context, ISecondFactors factors, CancellationToken cancellation) =>
        await factors.Disable(context.User.Caller(), cancellation) is { } problem
            ? new ProblemResult(problem)
            : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemResult>> Reset(
        RouteId id, HttpContext context, ISecondFactors factors, CancellationToken cancellation) =>
        await factors.Reset(context.User.Caller(), new UserId(id.Value), cancellation) is { } problem
            ? new ProblemResult(problem)
            : TypedResults.NoContent();
}

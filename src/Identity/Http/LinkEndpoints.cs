using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

/// <summary>Asking for mailed links, and using them.</summary>
internal static class LinkEndpoints
{
    private const int BodyBytesMax = 16 * 1024;
    private const string LinkLimitName = "account-link";
    private const string RegistrationLimitName = "registration";

    public static LimitPolicy LinkLimit(IdentityOptions options) => new(
        LinkLimitName, LimitBy.Address, LimitAlgorithm.SlidingWindow, options.LinksPerHour, TimeSpan.FromHours(1));

    public static LimitPolicy RegistrationLimit(IdentityOptions options) => new(
        RegistrationLimitName,
        LimitBy.Address,
        LimitAlgorithm.SlidingWindow,
        options.RegistrationsPerHour,
        TimeSpan.FromHours(1));

    public static TBuilder LimitRegistrations<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireLimit(RegistrationLimitName);

    public static void MapLinks(this IEndpointRouteBuilder endpoints)
    {
        var links = endpoints.MapGroup("/auth").WithTags("Identity")
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .LimitByAddress().RequireLimit(LinkLimitName);
        links.MapPost("/verify-email", Confirm).WithName("verifyEmail")
            .WithSummary("Confirms the address that a link was mailed to.");
        links.MapPost("/verify-email/resend", Resend).WithName("resendVerification")
            .WithSummary("Mails another link. Answers the same whether or not the address has an account.");
        links.MapPost("/reset-password/request", Request).WithName("requestPasswordReset")
            .WithSummary("Mails a link to choose another password. Answers the same for every address.");
        links.MapPost("/reset-password", Reset).WithName("resetPassword")
            .WithSummary("Sets another password by a mailed link; every session ends, and this device is known.");
    }

    private static async Task<Results<NoContent, ProblemResult>> Confirm(
        JsonBody<LinkRequest> body, IEmailVerification verification, CancellationToken cancellation) =>
        await verification.Confirm(body.Value, cancellation) is { } problem
            ? new ProblemResult(problem)
            : TypedResults.NoContent();

    private static async Task<Results<Accepted<LinkReceipt>, ProblemResult>> Resend(
        JsonBody<EmailRequest> body, IEmailVerification verification, CancellationToken cancellation) =>
        Answer(await verification.Resend(body.Value, cancellation));

    private static async Task<Results<Accepted<LinkReceipt>, ProblemResult>> Request(
        JsonBody<EmailRequest> body, IPasswordReset reset, CancellationToken cancellation) =>
        Answer(await reset.Request(body.Value, cancellation));

    private static async Task<Results<Ok<KnownDevice>, ProblemResult>> Reset(
        JsonBody<ResetPasswordRequest> body,
        HttpContext context,
        IPasswordReset reset,
        SessionCookies cookies,
        CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (body.Value.Cookie && cookies.Refusal(context.Request) is { } foreign)
        {
            return new ProblemResult(foreign);
        }

        var known = await reset.Reset(body.Value, cancellation);
        if (known.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        return TypedResults.Ok(
            body.Value.Cookie ? SessionCookies.Keep(context.Response, known.Value) : known.Value);
    }

    private static Results<Accepted<LinkReceipt>, ProblemResult> Answer(Result<LinkReceipt> receipt) =>
        receipt.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted((string?)null, receipt.Value);
}

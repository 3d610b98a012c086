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

/// <summary>One's own account.</summary>
internal static class AccountEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    /// <summary>Changes of address: each mails somebody who did not ask for it, perhaps.</summary>
    public static readonly LimitPolicy ChangeEmailLimit = new(
        "change-email", LimitBy.User, LimitAlgorithm.SlidingWindow, permits: 10, TimeSpan.FromHours(1));

    public static void MapOwnAccount(this IEndpointRouteBuilder endpoints)
    {
        var me = endpoints.MapGroup("/auth/me").WithTags("Identity").RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        me.MapGet("", Find).WithName("getOwnAccount").WithSummary("The account of the access token.");
        me.MapPatch("", Update).CheckSessionAtOnce().WithName("updateOwnAccount")
            .WithSummary("Changes what is given of name, language and time zone.");
        me.MapPost("/email", ChangeEmail).CheckSessionAtOnce().WithName("changeOwnEmail")
            .RequireLimit(ChangeEmailLimit.Name)
            .WithSummary("Mails a link to another address, which becomes the account's once it is opened.");
        me.MapPost("/password", ChangePassword).CheckSessionAtOnce().WithName("changeOwnPassword")
            .WithSummary("Sets another password; the other sessions end unless told not to.");
    }

    private static async Task<Results<Ok<OwnAccountView>, ProblemResult>> Find(
        HttpContext context, IOwnAccount accounts, CancellationToken cancellation) =>
        await accounts.Find(context.User.Caller().User, cancellation) is { } account
            ? TypedResults.Ok(account)
            : new ProblemResult(new Problem(ProblemCodes.InvalidToken, "The account is gone or disabled."));

    private static async Task<Results<Ok<OwnAccountView>, ProblemResult>> Update(
        JsonBody<UpdateOwnAccount> body, HttpContext context, IOwnAccount accounts, CancellationToken cancellation)
    {
        var account = await accounts.Update(context.User.Caller(), body.Value, cancellation);
        return account.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(account.Value);
    }

    private static async Task<Results<Accepted<LinkReceipt>, ProblemResult>> ChangeEmail(
        JsonBody<EmailRequest> body, HttpContext context, IOwnAccount accounts, CancellationToken cancellation)
    {
        var receipt = await accounts.ChangeEmail(context.User.Caller(), body.Value, cancellation);
        return receipt.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted((string?)null, receipt.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> ChangePassword(
        JsonBody<ChangePasswordRequest> body,
        HttpContext context,
        IOwnAccount accounts,
        CancellationToken cancellation) =>
        await accounts.ChangePassword(context.User.Caller(), OnDevice(context, body.Value), cancellation) is { } problem
            ? new ProblemResult(problem)
            : TypedResults.NoContent();

    private static ChangePasswordRequest OnDevice(HttpContext context, ChangePasswordRequest request) =>
        request with { DeviceToken = request.DeviceToken ?? SessionCookies.DeviceToken(context.Request) };
}

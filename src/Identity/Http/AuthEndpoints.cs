using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

internal static class AuthEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    public static void MapAuth(this IEndpointRouteBuilder endpoints)
    {
        var auth = endpoints.MapGroup("/auth").WithTags("Identity")
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .AddEndpointFilter(NoStore);

        var open = auth.MapGroup("").LimitByAddress();
        open.MapPost("/register", Register).WithName("register").LimitRegistrations()
            .WithSummary("Makes an account. Answers the same whether or not the address has one.");
        open.MapPost("/login", Login).WithName("login").WithSummary("Starts a session.");
        auth.MapPost("/refresh", Refresh).RequireLimit(GuessLimits.Refresh).WithName("refresh")
            .WithSummary("Changes a refresh token for a new pair; each is good once.");

        auth.MapPost("/logout", Logout).RequireAuthorization(policy => policy.RequireAssertion(MayLogOut))
            .WithName("logout").WithSummary("Ends the session of the access token, or of a browser's cookie.");
    }

    private static async Task<Results<Accepted<RegistrationReceipt>, ProblemResult>> Register(
        JsonBody<RegisterRequest> body, IAccounts accounts, CancellationToken cancellation)
    {
        var receipt = await accounts.Register(body.Value, cancellation);
        return receipt.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Accepted((string?)null, receipt.Value);
    }

    private static async Task<Results<Ok<TokenGrant>, ProblemResult>> Login(
        JsonBody<LoginRequest> body,
        HttpContext context,
        ISessions sessions,
        SessionCookies cookies,
        CancellationToken cancellation)
    {
        var request = body.Value;
        if (!request.Cookie)
        {
            return Answer(await sessions.Login(request, cancellation));
        }

        if (cookies.Refusal(context.Request) is { } foreign)
        {
            return new ProblemResult(foreign);
        }

        var device = request.DeviceToken ?? SessionCookies.DeviceToken(context.Request);
        var grant = await sessions.Login(request with { DeviceToken = device }, cancellation);
        if (!grant.Failed(out _) && SessionCookies.RefreshToken(context.Request) is { } before)
        {
            // The cookie is about to be another's: nobody could end that session any more.
            await sessions.Logout(before, cancellation);
        }

        return Answer(grant.Map(whole => SessionCookies.Keep(context.Response, whole)));
    }

    private static async Task<Results<Ok<TokenGrant>, ProblemResult>> Refresh(
        JsonBody<RefreshRequest> body,
        HttpContext context,
        ISessions sessions,
        SessionCookies cookies,
        CancellationToken cancellation)
    {
        if (!string.IsNullOrEmpty(body.Value.RefreshToken) ||
            SessionCookies.RefreshToken(context.Request) is not { } cookie)
        {
            return Answer(await sessions.Refresh(body.Value, cancellation));
        }

        if (cookies.Refusal(context.Request) is { } foreign)
        {
            return new ProblemResult(foreign);
        }

        var grant = await sessions.Refresh(new RefreshRequest { RefreshToken = cookie }, cancellation);
        return Answer(grant.Map(whole => SessionCookies.Keep(context.Response, whole)));
    }

    // A browser whose access token has expired has the cookie still, and must be able to be rid of it.
    private static async Task<Results<NoContent, ProblemResult>> Logout(
        HttpContext context, ISessions sessions, SessionCookies cookies, CancellationToken cancellation)
    {
        var caller = context.User.CallerOrNull();
        var cookie = SessionCookies.RefreshToken(context.Request);
        var foreign = cookie is null ? null : cookies.Refusal(context.Request);
        if (caller is null && foreign is not null)
        {
            return new ProblemResult(foreign);
        }

        if (caller is not null)
        {
            await sessions.Logout(caller.Session, cancellation);
        }

        if (cookie is not null && foreign is null)
        {
            await sessions.Logout(cookie, cancellation);
            SessionCookies.Clear(context.Response);
        }

        return TypedResults.NoContent();
    }

    private static bool MayLogOut(AuthorizationHandlerContext asked) =>
        asked.User.CallerOrNull() is not null ||
        (asked.Resource is HttpContext context && SessionCookies.RefreshToken(context.Request) is not null);

    private static Results<Ok<TokenGrant>, ProblemResult> Answer(Result<TokenGrant> grant) =>
        grant.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(grant.Value);

    private static ValueTask<object?> NoStore(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}

using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
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
        open.MapPost("/refresh", Refresh).WithName("refresh")
            .WithSummary("Changes a refresh token for a new pair; each is good once.");

        var signedIn = auth.MapGroup("").RequireAuthorization();
        signedIn.MapPost("/logout", Logout).WithName("logout")
            .WithSummary("Ends the session of the access token.");
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
        JsonBody<LoginRequest> body, ISessions sessions, CancellationToken cancellation)
    {
        var grant = await sessions.Login(body.Value, cancellation);
        return grant.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(grant.Value);
    }

    private static async Task<Results<Ok<TokenGrant>, ProblemResult>> Refresh(
        JsonBody<RefreshRequest> body, ISessions sessions, CancellationToken cancellation)
    {
        var grant = await sessions.Refresh(body.Value, cancellation);
        return grant.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(grant.Value);
    }

    private static async Task<NoContent> Logout(HttpContext context, ISessions sessions, CancellationToken cancellation)
    {
        await sessions.Logout(context.User.Caller().Session, cancellation);
        return TypedResults.NoContent();
    }

    private static ValueTask<object?> NoStore(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}

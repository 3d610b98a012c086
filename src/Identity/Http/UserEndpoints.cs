using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

internal static class UserEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    public static void MapUsers(this IEndpointRouteBuilder endpoints)
    {
        var users = endpoints.MapGroup("/users").WithTags("Users").RequireAuthorization(Permissions.UsersView)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        users.MapGet("", List).WithName("listUsers").WithSummary("All accounts, the newest first.");
        users.MapGet("/{id}", Get).WithName("getUser").WithSummary("One account.");
        users.MapPatch("/{id}", Change).RequireAuthorization(Permissions.UsersManage).WithName("updateUser")
            .WithSummary("Gives an account another role, disables or enables it. Needs a recent sign-in.");
        users.MapDelete("/{id}/sessions", EndSessions).RequireAuthorization(Permissions.UsersManage)
            .WithName("endUserSessions").WithSummary("Ends every session of an account.");
    }

    private static async Task<Ok<ListAnswer<UserView>>> List(
        UserQuery query, IUsers users, CancellationToken cancellation) =>
        TypedResults.Ok(ListAnswer<UserView>.From(await users.List(query.Filter, query.Request, cancellation)));

    private static async Task<Results<Ok<UserView>, ProblemResult>> Get(
        RouteId id, IUsers users, CancellationToken cancellation) =>
        Answer(await users.Get(new UserId(id.Value), cancellation));

    private static async Task<Results<Ok<UserView>, ProblemResult>> Change(
        RouteId id, JsonBody<ChangeUser> body, HttpContext context, IUsers users, CancellationToken cancellation) =>
        Answer(await users.Change(context.User.Caller(), new UserId(id.Value), body.Value, cancellation));

    private static async Task<Results<NoContent, ProblemResult>> EndSessions(
        RouteId id, IUsers users, CancellationToken cancellation) =>
        (await users.EndSessions(new UserId(id.Value), cancellation)).Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.NoContent();

    private static Results<Ok<UserView>, ProblemResult> Answer(Result<UserView> view) =>
        view.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(view.Value);
}

using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Http;

/// <summary>
/// What other processes ask of identity, with the token of whoever calls them. All the questions of one process come
/// from one address, so the ordinary limits would stop it; these are for what is out of all proportion.
/// </summary>
internal static class SessionCheckEndpoints
{
    private const string ByAddress = "session.address";
    private const string ByUser = "session.user";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddSessionCheckLimits(this IServiceCollection services) => services
        .AddRateLimit(_ => new LimitPolicy(ByAddress, LimitBy.Address, LimitAlgorithm.SlidingWindow, 120_000, Minute)
        {
            PerInstance = true,
        })
        .AddRateLimit(_ => new LimitPolicy(ByUser, LimitBy.User, LimitAlgorithm.SlidingWindow, 3_000, Minute)
        {
            PerInstance = true,
        });

    public static void MapSessionCheck(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/auth/session", Check).WithTags("Identity").RequireAuthorization().CheckSessionAtOnce()
            .RequireLimit(ByAddress).RequireLimit(ByUser)
            .WithName("checkSession")
            .WithSummary("204 while the session of the access token goes on and its role is today's, else 401.");

    // Whoever gets here has been checked.
    private static NoContent Check(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.NoContent();
    }
}

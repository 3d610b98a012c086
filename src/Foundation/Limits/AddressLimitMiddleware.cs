using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using static System.FormattableString;

namespace Gatehouse.Foundation.Limits;

/// <summary>Applies the address limit where an endpoint asks for it, and says so in RateLimit headers.</summary>
internal sealed class AddressLimitMiddleware(RequestDelegate next, AddressLimit limit)
{
    // A sixth of the window comes back at a time.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(AddressLimit.WindowSeconds / 6);

    public Task Invoke(HttpContext context)
    {
        if (!limit.Enabled || context.GetEndpoint()?.Metadata.GetMetadata<AddressLimited>() is null)
        {
            return next(context);
        }

        var spent = limit.TrySpend(context.Connection.RemoteIpAddress, out var left);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = Invariant($"\"auth\";q={limit.PermitsMax};w={AddressLimit.WindowSeconds}");
        headers["RateLimit"] = Invariant($"\"auth\";r={left};t={Wait.TotalSeconds:0}");
        return spent
            ? next(context)
            : ProblemDocument.Write(context, new Problem(
                ProblemCodes.RateLimited, $"At most {limit.PermitsMax} attempts a minute from one address.")
            {
                RetryAfter = Wait,
            });
    }
}

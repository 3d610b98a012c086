using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>Lets everything behind it know on whose behalf it runs.</summary>
internal sealed class RequestFactsMiddleware(RequestDelegate next)
{
    // Async, so that the facts end with the request: what an async method sets is not seen by its caller.
    public async Task Invoke(HttpContext context)
    {
        RequestFacts.Begin(new RequestFacts(
            ActorKind.User,
            context.User.CallerOrNull()?.User,
            context.TraceIdentifier,
            context.Connection.RemoteIpAddress,
            context.Request.Headers.UserAgent));
        await next(context);
    }
}

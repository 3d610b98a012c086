using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// While this instance drains, each answer is its connection's last: HTTP/1.1 gets <c>Connection: close</c> and HTTP/2
/// GOAWAY, so that clients go elsewhere before connections close beneath them.
/// </summary>
internal static class DrainNotice
{
    public static RequestDelegate Tell(RequestDelegate next)
    {
        Readiness? readiness = null;
        return context =>
        {
            readiness ??= context.RequestServices.GetRequiredService<Readiness>();
            if (readiness.IsDraining)
            {
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            return next(context);
        };
    }
}

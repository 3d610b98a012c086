using System.Globalization;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Which pages of other origins may ask (Fetch standard, section 3.2): on a route with <c>cors</c> the gateway alone
/// says it, on every answer and error; what the upstream says of it is taken away.
/// </summary>
internal static class CrossOrigin
{
    private const string Prefix = "Access-Control-";
    private const string Anyone = "*";

    /// <summary>A question of a browser before a request, which carries no credentials.</summary>
    public static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method) &&
        request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count == 1;

    /// <summary>Puts the headers on whatever will be answered.</summary>
    public static void Attach(HttpContext context, Cors cors) =>
        context.Response.OnStarting(static state =>
        {
            var (context, cors) = ((HttpContext, Cors))state;
            Replace(context, cors);
            return Task.CompletedTask;
        }, (context, cors));

    public static Task AnswerPreflight(HttpContext context, Route route)
    {
        var cors = route.Cors!;
        context.Features.Set(new ForwardedRequest { Route = route.Id, Cluster = route.Cluster.Id });
        Allow(context, cors);
        if (!Allows(cors, context.Request))
        {
            return EdgeAnswers.Refuse(context, NotAllowed());
        }

        // Whether method and headers are among them the browser says, with a better message than an error would be.
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = string.Join(", ", cors.Methods);
        if (cors.Headers.Count > 0)
        {
            headers.AccessControlAllowHeaders = string.Join(", ", cors.Headers);
        }

        headers.AccessControlMaxAge = ((long)cors.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Browsers open WebSockets from any page, with the cookies of whoever looks at it, and do not ask first.
    /// </summary>
    public static bool MayOpenTunnel(Cors cors, HttpRequest request) =>
        request.Headers.Origin.Count == 0 || IsOfThisHost(request) || Allows(cors, request);

    public static Problem NotAllowed() =>
        new(GatewayProblemCodes.OriginNotAllowed, "The route does not name this origin in cors.");

    private static bool Allows(Cors cors, HttpRequest request)
    {
        if (request.Headers.Origin is not [{ } origin])
        {
            return false;
        }

        for (var i = 0; i < cors.Origins.Count; i++)
        {
            if (cors.Origins[i] == Anyone || cors.Origins[i] == origin)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfThisHost(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var page) &&
        (page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) ||
            $"{page.Host}:{page.Port}".Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static void Replace(HttpContext context, Cors cors)
    {
        var headers = context.Response.Headers;
        foreach (var name in headers.Keys.Where(Speaks).ToList())
        {
            headers.Remove(name);
        }

        Allow(context, cors);
        if (cors.Exposed.Count > 0 && headers.AccessControlAllowOrigin.Count > 0)
        {
            headers.AccessControlExposeHeaders = string.Join(", ", cors.Exposed);
        }
    }

    private static void Allow(HttpContext context, Cors cors)
    {
        var headers = context.Response.Headers;
        var isForAnyone = cors.Origins[0] == Anyone;
        if (!isForAnyone)
        {
            AddVary(headers);
        }

        if (Allows(cors, context.Request))
        {
            headers.AccessControlAllowOrigin = isForAnyone ? Anyone : context.Request.Headers.Origin.ToString();
            if (cors.Credentials)
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }
    }

    private static bool Speaks(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    // Also where there is no Origin: what is kept of that answer is not for those who have one.
    private static void AddVary(IHeaderDictionary headers)
    {
        if (!HeaderRules.IsNominated("Origin", headers.Vary) && !HeaderRules.IsNominated(Anyone, headers.Vary))
        {
            headers.Append("Vary", "Origin");
        }
    }
}

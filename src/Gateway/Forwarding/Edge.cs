using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Policies;
using Gatehouse.Gateway.Services;
using Gatehouse.Gateway.Telemetry;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// Looks once which routes are in force, finds the request's, refuses what two servers could read in two ways, and
/// sends the rest through the route's steps. What no route takes is for this process itself.
/// </summary>
internal sealed class Edge(Snapshots snapshots, RouteSteps steps, Scanners scanners) : IEdge
{
    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (scanners.Refuses(context, out var refusing))
        {
            return refusing;
        }

        return Answer(context, next);
    }

    public ValueTask Answered(HttpContext context) => scanners.Watch(context);

    private Task Answer(HttpContext context, RequestDelegate next)
    {
        var snapshot = snapshots.Current;
        if (snapshot.Revision == 0)
        {
            return next(context);
        }

        var sent = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!RequestTarget.TryParse(sent, out var target, out var fault))
        {
            return fault is null
                ? next(context)
                : EdgeAnswers.Refuse(context, new Problem(GatewayProblemCodes.AmbiguousPath, fault));
        }

        if (OwnPaths.Hold(target.Path))
        {
            return next(context);
        }

        if (CrossOrigin.IsPreflight(context.Request) && RouteAskedAbout(context, snapshot, target) is { } asked)
        {
            return CrossOrigin.AnswerPreflight(context, asked);
        }

        var facts = new MatchedRequest(context, target.Path);
        var match = snapshot.Routes.Match(in facts);
        return match.Route is not null ? Forward(context, target, match)
            : IsOtherCase(context, snapshot, target) ? EdgeAnswers.Refuse(context, new Problem(
                ProblemCodes.NotFound, "There is nothing at this address; it is compared with regard to case."))
            : Pass(context, next, snapshot, target);
    }

    // The route need not take OPTIONS. Null: its upstream, or this process, is to answer as it does.
    private static Route? RouteAskedAbout(HttpContext context, Snapshot snapshot, RequestTarget target)
    {
        var facts = new PreflightFacts(context, target.Path);
        return snapshot.Routes.Match(in facts).Route is { Cors: not null } route ? route : null;
    }

    // This process compares its paths without regard to case, and they are all in small letters: a route that took one
    // over would be passed by with a capital.
    private static bool IsOtherCase(HttpContext context, Snapshot snapshot, RequestTarget target)
    {
        if (!target.Path.Any(char.IsUpper))
        {
            return false;
        }

        var facts = new MatchedRequest(context, target.Path.ToLowerInvariant());
        return snapshot.Routes.Match(in facts).Route is not null;
    }

    // Nothing here answers it: was it the method alone?
    private async Task Pass(HttpContext context, RequestDelegate next, Snapshot snapshot, RequestTarget target)
    {
        await next(context);
        var response = context.Response;
        if (EdgeAnswers.IsGrpc(context.Request) &&
            response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null })
        {
            await EdgeAnswers.Refuse(context, new Problem(ProblemCodes.NotFound, "No route takes this call."));
            await scanners.Count(context);
            return;
        }

        if (response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null })
        {
            var facts = new MatchedRequest(context, target.Path);
            var allowed = snapshot.Routes.Allowed(in facts);
            if (allowed.Count > 0)
            {
                response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                response.Headers.Allow = string.Join(", ", allowed);
            }
        }
    }

    private Task Forward(HttpContext context, RequestTarget target, RouteMatch match)
    {
        var route = match.Route!;
        var request = context.Request;
        var log = MeteredRequest.Begin(route);
        context.Features.Set<ForwardedRequest>(log);
        if (route.Cors is { } cors)
        {
            CrossOrigin.Attach(context, cors);
        }

        if (HeaderRules.FaultOf(context) is { } fault)
        {
            return EdgeAnswers.Refuse(context, new Problem(GatewayProblemCodes.BadRequestFraming, fault));
        }

        var upgrade = UpgradeOf(context);
        if (upgrade is null && (HttpMethods.IsConnect(request.Method) || HttpMethods.IsTrace(request.Method)))
        {
            return EdgeAnswers.Refuse(context, new Problem(
                ProblemCodes.MethodNotAllowed, "CONNECT opens WebSockets alone, and TRACE is not passed on."));
        }

        if (upgrade is not null && route.Cors is { } origins && !CrossOrigin.MayOpenTunnel(origins, request))
        {
            return EdgeAnswers.Refuse(context, CrossOrigin.NotAllowed());
        }

        var isGrpc = EdgeAnswers.IsGrpc(request);
        var hasBody = upgrade is null &&
            context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        if (hasBody && Bound(context, route, isGrpc) is { } tooLarge)
        {
            return EdgeAnswers.Refuse(context, tooLarge);
        }

        return steps.Of(route)(new Exchange
        {
            Context = context,
            Route = route,
            RawTarget = Rewrite.IsAsked(route.Transforms) ? Rewrite.Of(target, in match) : target.Raw,
            Path = target.Path,
            Match = match,
            Log = log,
            IsGrpc = isGrpc,
            UpgradeTo = upgrade,
            ExpectsContinue = hasBody && request.Headers.Expect.Count > 0,
            Body = hasBody ? new RequestBody(request.BodyReader, request.ContentLength) : null,
            Traits = RetryRule.Of(
                route.Transforms.Method ?? request.Method,
                request.Headers.ContainsKey("Idempotency-Key"),
                route.Retry),
            Deadline = isGrpc && GrpcTimeout.Parse(request.Headers[GrpcTimeout.Header]) is { } asked &&
                asked < route.Deadline ? asked : route.Deadline,
        });
    }

    // Only WebSocket: of the others h2c would carry requests past all that is checked here.
    private static string? UpgradeOf(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            return string.Equals(connect.Protocol, Tunnels.WebSocket, StringComparison.OrdinalIgnoreCase)
                ? Tunnels.WebSocket
                : null;
        }

        // Another method would be matched as itself and sent as GET.
        return HttpMethods.IsGet(context.Request.Method) &&
            string.Equals(context.Request.Headers.Upgrade, Tunnels.WebSocket, StringComparison.OrdinalIgnoreCase) &&
            context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            ? Tunnels.WebSocket
            : null;
    }

    private static Problem? Bound(HttpContext context, Route route, bool isGrpc)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } size)
        {
            if (route.BodyBytesMax is { } most && !size.IsReadOnly)
            {
                size.MaxRequestBodySize = most;
            }

            if (context.Request.ContentLength > size.MaxRequestBodySize)
            {
                return new Problem(ProblemCodes.BodyTooLarge, "The body has more bytes than allowed.");
            }
        }

        // A call that streams may rest as long as it likes.
        if (isGrpc && context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features
            .IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        return null;
    }
}

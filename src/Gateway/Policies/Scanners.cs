using System.Diagnostics.Metrics;
using System.Net;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Answers nothing to who asks again and again for what is not there. Counted is a 404 of a route or of nobody; not one
/// of an endpoint of this process, such as for a booking that is deleted, none to somebody who is signed in, and none
/// to what a page of another site has asked for.
/// </summary>
internal sealed partial class Scanners(
    AddressBlocks blocks, EdgeTokens known, AccessTokens tokens, ILogger<Scanners> log)
{
    private static readonly Counter<long> Blocked = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.scanners.blocked", "{address}", "Addresses blocked for too many answers of 404.");

    private static readonly Counter<long> Refused = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.scanners.refused", "{request}", "Requests refused since their address is blocked.");

    /// <summary>True: it is answered. The probes of orchestrators may come from a client's address.</summary>
    public bool Refuses(HttpContext context, out Task answering)
    {
        answering = Task.CompletedTask;
        if (blocks.Left(context.Connection.RemoteIpAddress) is not { } left || IsProbe(context.Request.Path.Value) ||
            (BearerToken.Of(context.Request) is { Length: > 0 } token && known.Knows(token)))
        {
            return false;
        }

        Refused.Add(1);
        answering = EdgeAnswers.Refuse(context, new Problem(
            GatewayProblemCodes.Blocked, "This address asked too often for what is not here.")
        { RetryAfter = left });
        return true;
    }

    /// <summary>Looks at what was answered.</summary>
    public ValueTask Watch(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status404NotFound && IsCounted(context)
            ? Count(context)
            : ValueTask.CompletedTask;

    /// <summary>For answers that say it otherwise.</summary>
    public async ValueTask Count(HttpContext context)
    {
        if (IsOfAnotherSite(context.Request) || await ShowsGoodToken(context) ||
            await blocks.Strike(context.Connection.RemoteIpAddress) is not { } block)
        {
            return;
        }

        Blocked.Add(1);
        LogBlocked(block.Address, (block.Until - block.Since).TotalMinutes);
    }

    private static bool IsCounted(HttpContext context) => context.Features.Get<ForwardedRequest>() is { } forwarded
        ? !forwarded.IsSignedIn
        : context.GetEndpoint() is null && context.User.Identity?.IsAuthenticated != true;

    // A browser says it, and a page cannot keep it from it: else any page in the world could have whoever looks at it
    // blocked, by a few images that are not here. A scanner that says it goes uncounted, as one that changes addresses
    // does; the limits of routes hold for it.
    private static bool IsOfAnotherSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "cross-site";

    private static bool IsProbe(string? path) => path is "/health" or "/health/live" or "/health/ready";

    // A route that leaves tokens to its upstream: whether this one is good is asked only now that it matters. Past a
    // block none gets here that is not known already, so that false ones cost little.
    private async ValueTask<bool> ShowsGoodToken(HttpContext context)
    {
        if (BearerToken.Of(context.Request) is not { Length: > 0 } token)
        {
            return false;
        }

        try
        {
            return await tokens.Check(token, context.RequestAborted) is not null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Nobody is blocked for an outage of ours.
            return true;
        }
    }

    [LoggerMessage(11240, LogLevel.Warning,
        "{Address} is blocked for {Minutes:F0} minutes: too many answers of 404. DELETE /gateway/blocks/… lifts it")]
    private partial void LogBlocked(IPAddress address, double minutes);
}

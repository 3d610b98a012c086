using System.Net;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Telemetry;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// Sends a request on, to another destination if one fails and it is safe, and passes the answer back.
/// </summary>
internal sealed partial class Forwarder(
    GatewayOptions options, ClusterStates clusters, Tunnels tunnels, TimeProvider time, ILogger<Forwarder> log)
{
    private const int ReplayBytesMost = 8 * 1024 * 1024;

    private readonly ReplayMemory memory = new(options.ReplayBytesMax);

    public Task Forward(Exchange exchange) => exchange.IsTunnel ? Open(exchange) : Send(exchange);

    private async Task Open(Exchange exchange)
    {
        if (!tunnels.TryEnter())
        {
            await EdgeAnswers.Refuse(exchange.Context, EdgeAnswers.TooManyTunnels());
            return;
        }

        try
        {
            await Send(exchange);
        }
        finally
        {
            tunnels.Leave();
        }
    }

    private async Task Send(Exchange exchange)
    {
        using var ending = exchange;
        var cluster = clusters.Of(exchange.Route.Cluster);
        if (IsWorthKeeping(exchange) && !await Keep(exchange))
        {
            return;
        }

        cluster.Budget.Earn();
        var tried = 0UL;
        for (var attempt = 1; ; attempt++)
        {
            var (target, place) = cluster.Choose(tried, exchange);
            if (target is null)
            {
                await EdgeAnswers.Refuse(exchange.Context, EdgeAnswers.NoDestination());
                return;
            }

            tried |= place < 64 ? 1UL << place : 0;
            exchange.Log.Destination = target.State.Id;
            exchange.Log.Attempts = attempt;
            var wait = await Try(exchange, cluster, target.State, attempt);
            if (wait is not { } pause)
            {
                return;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, exchange.Context.RequestAborted);
            }
        }
    }

    /// <summary>Null: it is answered. Else how long to wait before the next try.</summary>
    private async Task<TimeSpan?> Try(
        Exchange exchange, ClusterState cluster, DestinationState destination, int attempt)
    {
        var context = exchange.Context;
        var left = exchange.Left;
        if (RequestHead.Make(exchange, destination, left, out var request) is { } fault)
        {
            request.Dispose();
            await EdgeAnswers.Refuse(context, new Problem(GatewayProblemCodes.BadRequestFraming, fault));
            return null;
        }

        using var limit = TimeLimit.Begin(
            exchange.Route.PerTry is { } perTry && perTry < left ? perTry : left, context.RequestAborted);
        destination.Begin();
        HttpResponseMessage? answer = null;
        try
        {
            answer = await TryMeter.Send(cluster.Upstream, request, exchange.Log, limit.Token);
            limit.Lift();
            if (Retries.After(answer, exchange, cluster.Budget, attempt, time.Now()) is { } wait)
            {
                return wait;
            }

            await Answer(exchange, answer, limit);
            return null;
        }
        catch (Exception exception) when (answer is null)
        {
            return await Failed(exchange, cluster, exception, attempt);
        }
        finally
        {
            if (request.Content is RequestContent sent)
            {
                await sent.End();
            }

            destination.End();
            answer?.Dispose();
            request.Dispose();
        }
    }

    private async Task<TimeSpan?> Failed(Exchange exchange, ClusterState cluster, Exception exception, int attempt)
    {
        var context = exchange.Context;
        context.RequestAborted.ThrowIfCancellationRequested();
        if (exchange is { IsGrpc: true, Body.Fault: BadHttpRequestException bad })
        {
            await EdgeAnswers.Refuse(context, EdgeAnswers.Of(bad));
            return null;
        }

        exchange.Body?.ThrowIfFaulted();
        var fault = UpstreamFaults.Of(exception);
        var isDeadline = fault == UpstreamFault.TimedOut && exchange.Left <= TimeSpan.FromMilliseconds(1);
        LogFailed(exchange.Route.Id, exchange.Log.Destination!, fault, attempt);
        if (Retries.After(fault, exchange, cluster.Budget, attempt) is { } wait)
        {
            return wait;
        }

        await EdgeAnswers.Refuse(context, EdgeAnswers.Of(fault, isDeadline));
        return null;
    }

    private async Task Answer(Exchange exchange, HttpResponseMessage answer, TimeLimit limit)
    {
        var context = exchange.Context;
        try
        {
            if (answer.StatusCode < HttpStatusCode.OK && !exchange.IsTunnel)
            {
                throw new InvalidOperationException("It switched protocols unasked.");
            }

            exchange.Answer = answer;
            ResponseHead.Copy(answer, exchange);
            if (exchange.IsTunnel && await tunnels.TryOpen(exchange, answer, limit.Token))
            {
                return;
            }

            if (HasBody(answer, context))
            {
                var body = answer.Content.ReadAsStream(CancellationToken.None);
                exchange.Log.BytesBack = await ResponseBody.Copy(
                    body, answer.Version, context.Response, limit, IdleOf(exchange));
            }

            ResponseHead.CopyTrailers(answer, context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            exchange.Log.Broken = "client_closed";
            context.Response.StatusCode = context.Response.HasStarted
                ? context.Response.StatusCode
                : StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception) when (context.Response.HasStarted)
        {
            // The client must see that it is not all: no clean end to half an answer.
            exchange.Log.Broken = EdgeAnswers.Of(FaultOf(exception), false).Code.Name;
            LogBroken(exchange.Route.Id, exchange.Log.Destination!, exception.GetType().Name);
            context.Abort();
        }
        catch (Exception exception)
        {
            LogBroken(exchange.Route.Id, exchange.Log.Destination!, exception.GetType().Name);
            ResponseHead.Clear(context);
            await EdgeAnswers.Refuse(context, EdgeAnswers.Of(FaultOf(exception), false));
        }
    }

    // After the head of an answer.
    private static UpstreamFault FaultOf(Exception exception) => exception switch
    {
        InvalidOperationException => UpstreamFault.Protocol,
        OperationCanceledException => UpstreamFault.TimedOut,
        _ => UpstreamFault.Reset,
    };

    // Events and calls may rest as long as they like, unless the route says otherwise.
    private static TimeSpan IdleOf(Exchange exchange) => exchange.Route.AnswerIdle ??
        (exchange.IsGrpc || exchange.Context.Response.ContentType is { } type &&
            type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase)
            ? Timeout.InfiniteTimeSpan
            : Route.AnswerIdleUsual);

    private static bool HasBody(HttpResponseMessage answer, HttpContext context) =>
        !HttpMethods.IsHead(context.Request.Method) &&
        answer.StatusCode is not
            (HttpStatusCode.NoContent or HttpStatusCode.NotModified or HttpStatusCode.ResetContent);

    // Only what may be sent a second time is worth holding back until it is all there.
    private static bool IsWorthKeeping(Exchange exchange) =>
        exchange is { Body: { } body, IsGrpc: false, ExpectsContinue: false, Route.Retry: { Attempts: > 1 } retry } &&
        exchange.Traits != SendTraits.None && (body.Length ?? 0) <= retry.BodyBytesMax;

    /// <summary>False: it did not come in time, and that is answered.</summary>
    private async Task<bool> Keep(Exchange exchange)
    {
        var gone = exchange.Context.RequestAborted;
        using var limit = TimeLimit.Begin(exchange.Left, gone);
        try
        {
            var most = (int)Math.Min(exchange.Route.Retry!.BodyBytesMax, ReplayBytesMost);
            await exchange.Body!.Keep(most, memory, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            await EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.DeadlineExceeded, "The body did not come in time: nothing was sent."));
            return false;
        }
    }

    [LoggerMessage(11101, LogLevel.Debug, "{Route} to {Destination}: {Fault} at attempt {Attempt}")]
    private partial void LogFailed(string route, string destination, UpstreamFault fault, int attempt);

    [LoggerMessage(11102, LogLevel.Information, "{Route} from {Destination}: the answer broke off, {Reason}")]
    private partial void LogBroken(string route, string destination, string reason);
}

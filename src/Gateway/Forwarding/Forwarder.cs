using System.Net;
using Gatehouse.Gateway.Destinations;
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

    private readonly TimeSpan taking = TimeSpan.FromSeconds(options.TakenWithinSeconds);
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
        if (IsWorthKeeping(exchange) && !await Keep(exchange))
        {
            return;
        }

        var cluster = clusters.Of(exchange.Cluster);
        cluster.Budget.Earn();
        var tried = 0UL;
        for (var attempt = 1; ; attempt++)
        {
            var admission = cluster.TryEnter(tried, exchange, out var entry);
            if (admission == Admission.NoPermit)
            {
                (admission, entry) = await cluster.Wait(tried, exchange);
            }

            var end = TryEnd.Unsent;
            if (admission == Admission.Entered)
            {
                tried |= ClusterState.BitOf(entry.Target);
                end = await Try(exchange, cluster, entry, attempt);
            }

            if (end.Next == TryNext.Again)
            {
                await Task.Delay(end.Wait, exchange.Context.RequestAborted);
            }
            else if (end.Next == TryNext.GiveWay &&
                exchange is { IsFallback: false, Route.Fallback.Cluster: { } other })
            {
                exchange.FallBackTo(other);
                (cluster, tried) = (clusters.Of(other), 0);
                clusters.Events.FellBack(exchange.Route.Cluster.Id);
            }
            else
            {
                if (end.Next != TryNext.Answered)
                {
                    await Refuse(exchange, end.Problem ?? EdgeAnswers.Of(admission));
                }

                return;
            }
        }
    }

    private async Task<TryEnd> Try(Exchange exchange, ClusterState cluster, Entry entry, int attempt)
    {
        var destination = entry.Target.State;
        var left = exchange.Left;
        var most = exchange.Route.PerTry is { } perTry && perTry < left ? perTry : left;
        HttpRequestMessage? request = null;
        TimeLimit? limit = null;
        HttpResponseMessage? answer = null;
        TryOutcome? outcome = TryOutcome.SaysNothing;
        destination.Begin();
        try
        {
            exchange.Ask(destination, attempt);
            if (RequestHead.Make(exchange, destination, left, out request) is { } fault)
            {
                await EdgeAnswers.Refuse(exchange.Context, new Problem(GatewayProblemCodes.BadRequestFraming, fault));
                return TryEnd.Answered;
            }

            limit = TimeLimit.Begin(most, exchange.Context.RequestAborted);
            answer = await TryMeter.Send(cluster.Upstream, request, exchange.Log, limit.Token);
            limit.Lift();
            outcome = TryOutcomes.Of(answer, exchange.IsGrpc);
            var end = After(answer, exchange, cluster, attempt);
            if (end.Next == TryNext.Answered)
            {
                if (outcome == TryOutcome.Answered && TryOutcomes.IsStream(answer, exchange))
                {
                    // It may last for days: it has said what it is, and what it takes is bounded elsewhere.
                    cluster.Members.Report(entry, TryOutcome.Answered);
                    outcome = null;
                }

                var isWhole = await Answer(exchange, answer, limit);
                outcome = outcome is null || isWhole ? outcome : TryOutcome.NoAnswer;
            }

            return end;
        }
        catch (Exception exception) when (limit is not null && answer is null)
        {
            outcome = TryOutcomes.Of(exception, exchange, request!, most);
            return await Failed(exchange, cluster, exception, attempt);
        }
        finally
        {
            destination.End();
            if (outcome is { } said)
            {
                cluster.Members.Report(entry, said);
            }

            await Close(request, answer, limit);
        }
    }

    private static async ValueTask Close(HttpRequestMessage? request, HttpResponseMessage? answer, TimeLimit? limit)
    {
        using (limit)
        using (request)
        using (answer)
        {
            if (request is not null)
            {
                await RequestContent.End(request);
            }
        }
    }

    // Again, elsewhere, or passed on.
    private TryEnd After(HttpResponseMessage answer, Exchange exchange, ClusterState cluster, int attempt)
    {
        if (Retries.After(answer, exchange, cluster, attempt, time.Now()) is { } wait)
        {
            return TryEnd.Again(wait);
        }

        var status = (int)answer.StatusCode;
        if (exchange is not { IsFallback: false, Route.Fallback: { } fallback } || !fallback.Statuses.Contains(status))
        {
            return TryEnd.Answered;
        }

        return fallback.Cluster is null || RetryRule.MayGiveWay(exchange.TraitsNow)
            ? new TryEnd(TryNext.GiveWay, default, EdgeAnswers.Of(UpstreamFault.Reset, isDeadline: false))
            : TryEnd.Answered;
    }

    private async Task<TryEnd> Failed(Exchange exchange, ClusterState cluster, Exception exception, int attempt)
    {
        var context = exchange.Context;
        context.RequestAborted.ThrowIfCancellationRequested();
        if (exchange is { IsGrpc: true, Body.Fault: BadHttpRequestException bad })
        {
            await EdgeAnswers.Refuse(context, EdgeAnswers.Of(bad));
            return TryEnd.Answered;
        }

        exchange.Body?.ThrowIfFaulted();
        var fault = UpstreamFaults.Of(exception);
        var isDeadline = fault == UpstreamFault.TimedOut && exchange.Left <= TimeSpan.FromMilliseconds(1);
        LogFailed(exchange.Route.Id, exchange.Log.Destination!, fault, attempt);
        if (Retries.After(fault, exchange, cluster, attempt) is { } wait)
        {
            return TryEnd.Again(wait);
        }

        return new TryEnd(
            !isDeadline && RetryRule.MayGiveWay(fault, exchange.TraitsNow) ? TryNext.GiveWay : TryNext.Refuse,
            default,
            EdgeAnswers.Of(fault, isDeadline));
    }

    // What the gateway itself has to say of the services behind it, the file may say otherwise.
    private Task Refuse(Exchange exchange, Problem problem)
    {
        if (exchange.IsGrpc || exchange.Route.Fallback?.Answer is not { } instead)
        {
            return EdgeAnswers.Refuse(exchange.Context, problem);
        }

        clusters.Events.FellBack(exchange.Route.Cluster.Id);
        return StaticAnswers.Write(exchange.Context, instead);
    }

    /// <summary>False: the upstream did not bring it to its end.</summary>
    private async Task<bool> Answer(Exchange exchange, HttpResponseMessage answer, TimeLimit limit)
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
                return true;
            }

            await PassBody(exchange, answer, limit);
            ResponseHead.CopyTrailers(answer, context);
            return true;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            exchange.Log.Broken = "client_closed";
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            return true;
        }
        catch (TimeoutException)
        {
            exchange.Log.Broken = "client_too_slow";
            context.Abort();
            return true;
        }
        catch (OperationCanceledException) when (IsEvents(context) && tunnels.Draining.IsCancellationRequested)
        {
            // Cleanly: between events there is nothing half, and their reader asks again, of another gateway.
            exchange.Log.Broken = "draining";
            return true;
        }
        catch (Exception exception) when (context.Response.HasStarted)
        {
            // The client must see that it is not all: no clean end to half an answer.
            exchange.Log.Broken = EdgeAnswers.Of(FaultOf(exception), false).Code.Name;
            LogBroken(exchange.Route.Id, exchange.Log.Destination!, exception.GetType().Name);
            context.Abort();
            return false;
        }
        catch (Exception exception)
        {
            LogBroken(exchange.Route.Id, exchange.Log.Destination!, exception.GetType().Name);
            ResponseHead.Clear(context);
            exchange.Answer = null;
            await Refuse(exchange, EdgeAnswers.Of(FaultOf(exception), false));
            return false;
        }
    }

    private async Task PassBody(Exchange exchange, HttpResponseMessage answer, TimeLimit limit)
    {
        var context = exchange.Context;
        if (!HasBody(answer, context))
        {
            return;
        }

        var body = answer.Content.ReadAsStream(CancellationToken.None);
        // Events have no end of their own to wait for.
        using var draining = IsEvents(context)
            ? tunnels.Draining.UnsafeRegister(static l => ((TimeLimit)l!).Within(TimeSpan.Zero), limit)
            : default;
        exchange.Log.BytesBack = await ResponseBody.Copy(
            body, answer.Version, context.Response, limit, IdleOf(exchange), taking);
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
        (exchange.IsGrpc || IsEvents(exchange.Context) ? Timeout.InfiniteTimeSpan : Route.AnswerIdleUsual);

    private static bool IsEvents(HttpContext context) => context.Response.ContentType is { } type &&
        type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static bool HasBody(HttpResponseMessage answer, HttpContext context) =>
        !HttpMethods.IsHead(context.Request.Method) &&
        answer.StatusCode is not
            (HttpStatusCode.NoContent or HttpStatusCode.NotModified or HttpStatusCode.ResetContent);

    // Only what may be sent a second time is worth holding back until it is all there.
    private static bool IsWorthKeeping(Exchange exchange) =>
        exchange is { Body: { } body, IsGrpc: false, ExpectsContinue: false, Route: { } route } &&
        (route.Retry is not null || route.Fallback?.Cluster is not null) &&
        exchange.Traits != SendTraits.None && (body.Length ?? 0) <= KeptMost(route);

    private static long KeptMost(Route route) => route.Retry?.BodyBytesMax ?? Retry.BodyBytesUsual;

    /// <summary>False: it did not come in time, and that is answered.</summary>
    private async Task<bool> Keep(Exchange exchange)
    {
        var gone = exchange.Context.RequestAborted;
        using var limit = TimeLimit.Begin(exchange.Left, gone);
        try
        {
            var most = (int)Math.Min(KeptMost(exchange.Route), ReplayBytesMost);
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

using Gatehouse.Gateway.Destinations;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What a try says of its destination: only what is not the client's doing.</summary>
internal static class TryOutcomes
{
    // UNAVAILABLE of google.rpc.Code.
    private const string GrpcUnavailable = "14";

    public static TryOutcome Of(HttpResponseMessage answer, bool isGrpc) => (int)answer.StatusCode switch
    {
        // It is well and has enough to do: with it out the others would have more.
        429 or 503 when answer.Headers.NonValidated.Contains("Retry-After") => TryOutcome.SaysNothing,
        502 or 503 or 504 => TryOutcome.Unavailable,
        >= 500 => TryOutcome.ServerError,
        _ => isGrpc && answer.Headers.NonValidated.TryGetValues("grpc-status", out var status) &&
            status.ToString() == GrpcUnavailable
            ? TryOutcome.Unavailable
            : TryOutcome.Answered,
    };

    /// <param name="time">That it had.</param>
    public static TryOutcome Of(Exception exception, Exchange exchange, HttpRequestMessage request, TimeSpan time)
    {
        if (exchange.Context.RequestAborted.IsCancellationRequested || exchange.Body?.Fault is not null)
        {
            return TryOutcome.SaysNothing;
        }

        if (UpstreamFaults.Of(exception) != UpstreamFault.TimedOut)
        {
            return TryOutcome.NoAnswer;
        }

        // A client that asks for less time than the route gives, or is slow to send, must not take servers out.
        var usual = exchange.Route.PerTry ?? exchange.Route.Deadline / 2;
        return time < usual || request.Content is RequestContent { IsSending: true }
            ? TryOutcome.SaysNothing
            : TryOutcome.NoAnswer;
    }

    /// <summary>WebSockets and events; of a call nobody knows.</summary>
    public static bool IsStream(HttpResponseMessage answer, Exchange exchange) => exchange.IsTunnel ||
        (answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) &&
            type.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase));
}

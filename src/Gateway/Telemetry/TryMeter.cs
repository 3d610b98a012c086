using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Telemetry;

/// <summary>Times one try.</summary>
internal static class TryMeter
{
    private static readonly string[] Statuses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    public static ValueTask<HttpResponseMessage> Send(
        IUpstream upstream, HttpRequestMessage request, ForwardedRequest log, CancellationToken cancellation) =>
        GatewayMeter.Tries.Enabled
            ? Time(upstream, request, log, cancellation)
            : new ValueTask<HttpResponseMessage>(upstream.Send(request, cancellation));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<HttpResponseMessage> Time(
        IUpstream upstream, HttpRequestMessage request, ForwardedRequest log, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = "cancelled";
        try
        {
            var answer = await upstream.Send(request, cancellation);
            result = Statuses[Math.Clamp((int)answer.StatusCode / 100, 0, 5)];
            return answer;
        }
        catch (Exception failure) when (!IsCancelled(failure, cancellation))
        {
            result = WordOf(UpstreamFaults.Of(failure));
            throw;
        }
        finally
        {
            GatewayMeter.Tries.Record(
                Stopwatch.GetElapsedTime(begun).TotalSeconds,
                new("cluster", Labels.OfCluster(log.Cluster)),
                new("destination", Labels.OfDestination(log.Destination ?? Labels.Other)),
                new("result", result));
        }
    }

    // The client went, or the time of the try: the latter has no exception of its own here.
    private static bool IsCancelled(Exception failure, CancellationToken cancellation) =>
        failure is OperationCanceledException && cancellation.IsCancellationRequested;

    private static string WordOf(UpstreamFault fault) => fault switch
    {
        UpstreamFault.NotConnected => "not_connected",
        UpstreamFault.Refused => "refused",
        UpstreamFault.Reset => "reset",
        UpstreamFault.Protocol => "protocol",
        _ => "timed_out",
    };
}

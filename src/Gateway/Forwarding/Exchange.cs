using System.Diagnostics;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>One request on its way through, from the route's choice to the end of the answer.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private Cluster? fallback;

    public required HttpContext Context { get; init; }

    public required Route Route { get; init; }

    /// <summary>That of the route, or of its fallback.</summary>
    public Cluster Cluster => fallback ?? Route.Cluster;

    /// <summary>It is the route's fallback that is asked by now.</summary>
    public bool IsFallback => fallback is not null;

    /// <summary>That was asked last.</summary>
    public DestinationState? Destination { get; private set; }

    /// <summary>For the destination: as sent, or as the route rewrites it.</summary>
    public required string RawTarget { get; init; }

    /// <summary>Canonical path, and what the route's parameters took of it.</summary>
    public required string Path { get; init; }

    public required RouteMatch Match { get; init; }

    public required ForwardedRequest Log { get; init; }

    public bool IsGrpc { get; init; }

    /// <summary>WebSocket, by HTTP/1.1 upgrade or HTTP/2 extended CONNECT.</summary>
    public bool IsTunnel => UpgradeTo is not null;

    public string? UpgradeTo { get; init; }

    public bool ExpectsContinue { get; init; }

    /// <summary>Null: there is none.</summary>
    public RequestBody? Body { get; init; }

    public SendTraits Traits { get; init; }

    /// <summary>For everything until the head of the answer is there.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>To be set with the answer: where its client goes next time.</summary>
    public (string Name, string Value)? Cookie { get; set; }

    /// <summary>What is passed on; null: the gateway answers itself.</summary>
    public HttpResponseMessage? Answer { get; set; }

    public TimeSpan Left => Deadline - Stopwatch.GetElapsedTime(begun);

    public SendTraits TraitsNow => Body is { IsReplayable: false } ? Traits : Traits | SendTraits.Replayable;

    public void Ask(DestinationState destination, int attempt)
    {
        Destination = destination;
        (Log.Destination, Log.Attempts) = (destination.Id, attempt);
    }

    /// <summary>What the first cluster has set for the client is no more true.</summary>
    public void FallBackTo(Cluster cluster)
    {
        fallback = cluster;
        Cookie = null;
    }

    public void Dispose() => Body?.Dispose();
}

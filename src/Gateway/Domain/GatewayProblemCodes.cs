using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Domain;

/// <summary>What the gateway itself says of a request that is served elsewhere.</summary>
internal static class GatewayProblemCodes
{
    public static readonly ProblemCode BadRequestFraming =
        new("bad_request_framing", 400, "The request can be read in more than one way");
    public static readonly ProblemCode AmbiguousPath =
        new("ambiguous_path", 400, "The path can be read in more than one way");
    public static readonly ProblemCode MisdirectedRequest =
        new("misdirected_request", 421, "This connection's certificate is not for the host");
    public static readonly ProblemCode ForwardingLoop =
        new("forwarding_loop", 508, "The request came back to where it had been");
    public static readonly ProblemCode UpstreamConnect =
        new("upstream_connect", 502, "The service behind this could not be reached");
    public static readonly ProblemCode UpstreamReset =
        new("upstream_reset", 502, "The service behind this broke off");
    public static readonly ProblemCode UpstreamProtocol =
        new("upstream_protocol", 502, "The service behind this did not answer in HTTP");
    public static readonly ProblemCode NoDestination =
        new("no_destination", 503, "No server for this is there at the moment");
    public static readonly ProblemCode CircuitOpen =
        new("circuit_open", 503, "The service behind this failed too often just now");
    public static readonly ProblemCode Overloaded =
        new("overloaded", 503, "The service behind this has as much to do as it takes");
    public static readonly ProblemCode NotCached =
        new("not_cached", 504, "Nothing that is kept answers this");
    public static readonly ProblemCode UpstreamTimeout =
        new("upstream_timeout", 504, "The service behind this did not answer in time");
}

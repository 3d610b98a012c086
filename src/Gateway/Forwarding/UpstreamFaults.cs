namespace Gatehouse.Gateway.Forwarding;

/// <summary>What happened to a try, by what it says of whether the request was carried out.</summary>
internal enum UpstreamFault
{
    /// <summary>No name, no connection, no TLS: nothing was sent.</summary>
    NotConnected,

    /// <summary>The upstream said that it has not begun: HTTP/2 REFUSED_STREAM, or above the last of GOAWAY.</summary>
    Refused,

    /// <summary>It broke off before the head of an answer: carried out or not.</summary>
    Reset,

    /// <summary>What came is no answer in HTTP: carried out or not.</summary>
    Protocol,

    /// <summary>The time of one try is over: carried out or not.</summary>
    TimedOut,
}

internal static class UpstreamFaults
{
    private const long RefusedStream = 0x7;

    /// <param name="exception">Of <see cref="IUpstream.Send"/>; not one that the caller's own token brought.</param>
    public static UpstreamFault Of(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => UpstreamFault.NotConnected,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => UpstreamFault.NotConnected,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => UpstreamFault.NotConnected,
        HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError } =>
            UpstreamFault.NotConnected,
        HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream } } =>
            UpstreamFault.Refused,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => UpstreamFault.Protocol,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            UpstreamFault.Protocol,
        // The handler's own limit on connecting; the caller's token would have been ruled out before.
        OperationCanceledException { InnerException: TimeoutException } => UpstreamFault.NotConnected,
        OperationCanceledException => UpstreamFault.TimedOut,
        _ => UpstreamFault.Reset,
    };
}

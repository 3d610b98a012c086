namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// The border to servers elsewhere. One request on the wire at most a call: trying again is the caller's. It answers
/// when the head of the answer is there; the body is read from it as it comes, and reading throws when it breaks off.
/// Failures are exceptions that <see cref="UpstreamFaults"/> can tell apart.
/// </summary>
internal interface IUpstream
{
    Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellation);
}

using System.Globalization;
using System.Net;
using Gatehouse.Gateway.Destinations;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Asks a destination whether it is well: as requests are sent to it, over the same connections.</summary>
internal sealed class HealthQuestion(Func<TimeSpan, IUpstream> connect)
{
    /// <summary>Null: an answer from 200 to 299.</summary>
    public async Task<string?> Ask(
        ProbePlan plan, DestinationState destination, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(destination.Prefix + plan.Path));
        request.Version = destination.IsSecure || plan.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = destination.IsSecure
            ? HttpVersionPolicy.RequestVersionOrLower
            : HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("User-Agent", "gatehouse-health");
        try
        {
            using var answer = await connect(plan.ConnectTimeout).Send(request, cancellation);
            return answer.IsSuccessStatusCode
                ? null
                : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException fault)
        {
            return UpstreamFaults.Of(fault) switch
            {
                UpstreamFault.NotConnected => "no connection",
                UpstreamFault.Protocol => "no HTTP",
                _ => "reset",
            };
        }
    }
}

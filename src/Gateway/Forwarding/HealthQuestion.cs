using System.Globalization;
using System.Net;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Asks a destination whether it is well: as requests are sent to it, over the same connections.</summary>
internal sealed class HealthQuestion(Func<Cluster, IUpstream> connect)
{
    /// <summary>Null: an answer from 200 to 299.</summary>
    public async Task<string?> Ask(
        Cluster cluster, DestinationState destination, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(destination.Prefix + path));
        request.Version = destination.IsSecure || cluster.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        request.VersionPolicy = destination.IsSecure
            ? HttpVersionPolicy.RequestVersionOrLower
            : HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("User-Agent", "gatehouse-health");
        try
        {
            using var answer = await connect(cluster).Send(request, cancellation);
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

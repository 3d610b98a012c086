using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Telemetry;

/// <summary>Counts a request of a route from its match to the end of its answer, whoever answers it.</summary>
internal sealed class MeteredRequest : ForwardedRequest
{
    private static readonly string[] Classes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private string? label;

    public static MeteredRequest Begin(Route route)
    {
        var request = new MeteredRequest { Route = route.Id, Cluster = route.Cluster.Id };
        if (GatewayMeter.UnderWay.Enabled || GatewayMeter.Requests.Enabled)
        {
            request.label = Labels.OfRoute(route.Id);
            GatewayMeter.UnderWay.Add(1, new KeyValuePair<string, object?>("route", request.label));
        }

        return request;
    }

    public override void End(HttpContext context, TimeSpan elapsed)
    {
        if (label is null)
        {
            return;
        }

        var route = new KeyValuePair<string, object?>("route", label);
        var status = context.Response.StatusCode / 100;
        GatewayMeter.UnderWay.Add(-1, route);
        GatewayMeter.Requests.Record(
            elapsed.TotalSeconds, route, new("status", Classes[status is >= 1 and <= 5 ? status : 0]));
        if (context.Request.ContentLength is > 0 and { } sent)
        {
            GatewayMeter.BytesIn.Add(sent, route);
        }

        if (BytesBack > 0)
        {
            GatewayMeter.BytesOut.Add(BytesBack, route);
        }
    }
}

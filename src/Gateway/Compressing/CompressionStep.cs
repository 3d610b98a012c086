using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Policies;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Gateway.Compressing;

/// <summary>For routes with compression. Behind the cache, which so keeps what was compressed once.</summary>
internal sealed class CompressionStep : IRoutePolicy
{
    public RouteStep Before(RouteStep next, Route route) => route.Compression is { } compression
        ? exchange => exchange.IsTunnel || exchange.IsGrpc ? next(exchange) : Compress(exchange, compression, next)
        : next;

    private static async Task Compress(Exchange exchange, Compression compression, RouteStep next)
    {
        var context = exchange.Context;
        AcceptedEncodings.Normalize(context.Request.Headers);
        var inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        // Not disposed of: that would write the end of an answer that has none.
#pragma warning disable CA2000
        var body = new CompressedBody(
            context, inner, AcceptedEncodings.Best(context.Request.Headers.AcceptEncoding), compression);
#pragma warning restore CA2000
        try
        {
            context.Features.Set<IHttpResponseBodyFeature>(body);
            await next(exchange);
            if (exchange.Log.Broken is null)
            {
                await body.End();
            }
        }
        finally
        {
            context.Features.Set(inner);
        }
    }
}

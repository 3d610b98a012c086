using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// WebSockets: bytes both ways, each way as fast as its reader takes them. When this process is told to stop, or
/// nothing came either way for long, both ends get a Close frame with 1001 between two frames, and have a while to
/// answer.
/// </summary>
internal sealed partial class Tunnels(
    GatewayOptions options, IHostApplicationLifetime lifetime, ILogger<Tunnels> log)
{
    public const string WebSocket = "websocket";
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private readonly TimeSpan idle = TimeSpan.FromSeconds(options.WebSocketIdleSeconds);
    private int open;

    /// <summary>What would go on for ever ends.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;

    /// <summary>A place for one, to be left again; false: there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref open) <= options.WebSocketsMax)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref open);

    /// <summary>False: the upstream did not agree, and its answer is to be passed on as any other.</summary>
    /// <exception cref="InvalidOperationException">The upstream speaks something else now.</exception>
    public async Task<bool> TryOpen(Exchange exchange, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            return false;
        }

        var chosen = answer.Headers.NonValidated.TryGetValues("Upgrade", out var upgrade) ? upgrade.ToString() : "";
        if (!chosen.Equals(WebSocket, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException("It switched to another protocol than was asked for.");
        }

        var context = exchange.Context;
        var upstream = await answer.Content.ReadAsStreamAsync(cancellation);
        var client = await Accept(context);
        await using (client)
        {
            await Run(client, upstream, exchange.Destination!.Leaving, cancellation);
        }

        LogClosed(exchange.Route.Id, exchange.Log.Destination!);
        return true;
    }

    private async Task Run(
        Stream client, Stream upstream, CancellationToken leaving, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var quiet = new CancellationTokenSource(idle);
        Action passed = () => quiet.CancelAfter(idle);
        using var toUpstream = new FramePump(client, upstream, isMasked: true) { Passed = passed };
        using var toClient = new FramePump(upstream, client, isMasked: false) { Passed = passed };
        Action<object?> close = _ =>
        {
            toUpstream.CloseGoingAway(end.Token);
            toClient.CloseGoingAway(end.Token);
            end.CancelAfter(CloseWithin);
        };
        using var draining = lifetime.ApplicationStopping.UnsafeRegister(close, null);
        using var drained = leaving.UnsafeRegister(close, null);
        using var resting = quiet.Token.UnsafeRegister(close, null);
        var first = await Task.WhenAny(toUpstream.Run(end.Token), toClient.Run(end.Token));

        // One side has said all it had to say. The other may still answer a Close, for a while.
        end.CancelAfter(CloseWithin);
        await (first == toUpstream.Running ? toClient.Running : toUpstream.Running);
    }

    private static async Task<Stream> Accept(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.Headers.Remove("Sec-WebSocket-Accept");
            return await connect.AcceptAsync();
        }

        context.Response.Headers.Upgrade = WebSocket;
        context.Response.Headers.Connection = "Upgrade";
        return await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
    }

    [LoggerMessage(11103, LogLevel.Debug, "{Route} with {Destination}: WebSocket closed")]
    private partial void LogClosed(string route, string destination);
}

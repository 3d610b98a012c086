using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>A server that gives back what it gets: bodies, calls that stream, WebSockets.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TaskCompletionSource<WebSocketCloseStatus?> closed = new();
    private readonly TaskCompletionSource answered = new();
    private readonly TaskCompletionSource<bool> late = new();
    private WebApplication server = null!;
    private ServerPorts open = null!;

    public Uri Http1 => new($"http://127.0.0.1:{open.Http1}");

    public Uri Http2 => new($"http://127.0.0.1:{open.Http2}");

    /// <summary>What the first WebSocket that closed said.</summary>
    public Task<WebSocketCloseStatus?> LastClose => closed.Task;

    /// <summary>Reads on what <c>/early</c> was sent, and tells whether it came to its end.</summary>
    public Task<bool> ReadLate()
    {
        answered.TrySetResult();
        return late.Task;
    }

    public static async Task<EchoServer> Start()
    {
        var echo = new EchoServer { open = new ServerPorts() };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(ServerPorts.Listen);
        echo.server = builder.Build();
        echo.server.UseWebSockets();
        echo.server.Run(echo.Answer);
        await echo.server.StartAsync();
        echo.open.Bound(echo.server);
        return echo;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task Answer(HttpContext context) => context.Request.Path.Value switch
    {
        "/ws" => EchoMessages(context),
        "/grpc/silent" => Task.Delay(Timeout.Infinite, context.RequestAborted),
        "/grpc/echo" => EchoCall(context),
        "/early" => AnswerEarly(context),
        _ => EchoBody(context),
    };

    // The whole answer first; the body is read when the client has it.
    private async Task AnswerEarly(HttpContext context)
    {
        try
        {
            await context.Response.CompleteAsync();
            await answered.Task;
            await context.Request.Body.CopyToAsync(Stream.Null);
            late.SetResult(true);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            late.SetResult(false);
        }
    }

    private static async Task EchoBody(HttpContext context)
    {
        context.Response.Headers["X-Protocol"] = context.Request.Protocol;
        context.Response.Headers["X-Target"] = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        context.Response.Headers["X-Host"] = context.Request.Host.Value;
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    private static async Task EchoCall(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync();
        var block = new byte[1000];
        int read;
        while ((read = await context.Request.Body.ReadAsync(block)) > 0)
        {
            await context.Response.Body.WriteAsync(block.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }

    private async Task EchoMessages(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var block = new byte[10_000];
        while (true)
        {
            var got = await socket.ReceiveAsync(block, CancellationToken.None);
            if (got.MessageType == WebSocketMessageType.Close)
            {
                closed.TrySetResult(got.CloseStatus);
                await socket.CloseOutputAsync(got.CloseStatus!.Value, "", CancellationToken.None);
                return;
            }

            await socket.SendAsync(
                block.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
        }
    }
}

using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Kestrel that tells what it was asked, streams events and echoes WebSockets.</summary>
internal sealed class ProofUpstream : IAsyncDisposable
{
    private WebApplication server = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Each request, as it was read.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    public static async Task<ProofUpstream> Start(int port = 0)
    {
        var upstream = new ProofUpstream();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            Gatehouse.Gateway.Forwarding.ForwardingRegistration.PassBytes(kestrel);
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        upstream.server = builder.Build();
        upstream.server.UseWebSockets();
        upstream.server.Run(upstream.Answer);
        await upstream.server.StartAsync();
        upstream.Address = new Uri(upstream.server.Urls.Single());
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await server.StopAsync();
        await server.DisposeAsync();
    }

    private Task Answer(HttpContext context) => context.Request.Path.Value switch
    {
        "/ws" => EchoMessages(context),
        "/sse" => Events(context),
        "/large" => Large(context),
        _ => Tell(context),
    };

    private async Task Tell(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Seen.Enqueue(new SeenRequest(
            context.Request.Method, target, System.Text.Encoding.Latin1.GetString(body.ToArray())));
        while (Seen.Count > 1_000)
        {
            Seen.TryDequeue(out _);
        }

        context.Response.Headers["X-Target"] = target;
        context.Response.Headers["X-Sent"] = context.Request.Headers["X-Revision"];
        await context.Response.Body.WriteAsync("ok"u8.ToArray());
    }

    private async Task Events(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, server.Lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        try
        {
            while (true)
            {
                await context.Response.Body.WriteAsync("data: x\n\n"u8.ToArray(), end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                await Task.Delay(100, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader went away, or this server does.
        }
    }

    private static async Task Large(HttpContext context)
    {
        var block = new byte[64 * 1024];
        try
        {
            for (var i = 0; i < 4_000; i++)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader went away.
        }
    }

    private async Task EchoMessages(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await using var going = server.Lifetime.ApplicationStopping.Register(() => _ =
            socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", CancellationToken.None));
        var block = new byte[256];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveAsync(block, CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived)
                    {
                        await socket.CloseOutputAsync(got.CloseStatus!.Value, "", CancellationToken.None);
                    }

                    return;
                }

                await socket.SendAsync(
                    block.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, CancellationToken.None);
            }
        }
        catch (WebSocketException)
        {
            // The other end went away.
        }
    }
}

internal sealed record SeenRequest(string Method, string Target, string Body);

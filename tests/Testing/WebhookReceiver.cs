using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Testing;

/// <summary>Somebody's server on a free loopback port that takes webhooks, as long as a test needs it.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public Uri Url => new($"{app.Urls.First()}/hook");

    /// <summary>Each request, before it was answered.</summary>
    public ConcurrentQueue<ReceivedWebhook> Got { get; } = new();

    /// <summary>Answers 204 to all.</summary>
    public static Task<WebhookReceiver> Start() => Start(HttpStatusCode.NoContent);

    public static Task<WebhookReceiver> Start(HttpStatusCode status) => Start(context =>
    {
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    });

    public static async Task<WebhookReceiver> Start(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            receiver.Got.Enqueue(new ReceivedWebhook(headers, await reader.ReadToEndAsync()));
            await answer(context);
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    public Task WaitFor(int count, TimeSpan within) =>
        Poll.Until(() => Got.Count >= count, within, $"{count} webhooks, has {Got.Count}");

    public async ValueTask DisposeAsync()
    {
        // Those that hang are not waited for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}

/// <summary>What came.</summary>
public sealed record ReceivedWebhook(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];
}

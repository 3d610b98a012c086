using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Foundation.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Services;

/// <summary>The API descriptions of what the gateway stands before.</summary>
internal sealed partial class Descriptions(GatewayOptions options, ILogger<Descriptions> log)
    : IApiDescriptions, IDisposable
{
    private const int BytesMax = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Partial = TimeSpan.FromSeconds(2);

    private readonly HttpClient http = new() { Timeout = Patience, MaxResponseContentBufferSize = BytesMax };
    private readonly Dictionary<string, string> last = new(StringComparer.Ordinal);

    // What is missing is asked for again soon.
    public TimeSpan? MaxAge => options.Descriptions.Count == 0
        ? null
        : options.Descriptions.All(last.ContainsKey) ? Whole : Partial;

    public async Task<IReadOnlyList<JsonObject>> Latest(CancellationToken cancellation)
    {
        var texts = await Task.WhenAll(options.Descriptions.Select(url => Read(url, cancellation)));
        foreach (var (url, text) in options.Descriptions.Zip(texts).Where(one => one.Second is not null))
        {
            last[url] = text!;
        }

        return
        [
            .. options.Descriptions.Where(last.ContainsKey).Select(url => JsonNode.Parse(last[url])!.AsObject()),
        ];
    }

    public void Dispose() => http.Dispose();

    private async Task<string?> Read(string url, CancellationToken cancellation)
    {
        try
        {
            var text = await http.GetStringAsync(url, cancellation);
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? text : null;
        }
        catch (Exception failure) when (
            failure is HttpRequestException or JsonException or OperationCanceledException &&
            !cancellation.IsCancellationRequested)
        {
            LogMissing(log, url, failure.Message);
            return null;
        }
    }

    [LoggerMessage(11300, LogLevel.Warning, "No API description from {Url}: {Reason}")]
    private static partial void LogMissing(ILogger log, string url, string reason);
}

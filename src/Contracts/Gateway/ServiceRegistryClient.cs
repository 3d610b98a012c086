using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Gateway;

/// <summary>
/// The registry of a gateway in another process. Throws <see cref="HttpRequestException"/> or
/// <see cref="TaskCanceledException"/> when it does not answer, or not as a registry does.
/// </summary>
/// <param name="http">Its timeout is that of a call.</param>
/// <param name="gateway">Its address.</param>
/// <param name="key">One of those that the gateway knows.</param>
public sealed class ServiceRegistryClient(HttpClient http, Uri gateway, string key) : IServiceRegistry
{
    /// <summary>Carries the key.</summary>
    public const string KeyHeader = "X-Registry-Key";

    private const string Path = "gateway/registry";
    private const int AnswerBytesMax = 64 * 1024;

    public async Task<Result<RegisteredService>> Register(RegisterService service, CancellationToken cancellation)
    {
        using var body = JsonContent.Create(service, RegistryJson.Default.RegisterService);
        return await Send(HttpMethod.Post, Path, body, RegistryJson.Default.RegisteredService, cancellation);
    }

    public Task<Result<ServiceLease>> Renew(string cluster, string id, CancellationToken cancellation) => Send(
        HttpMethod.Put, $"{Place(cluster, id)}/heartbeat", null, RegistryJson.Default.ServiceLease, cancellation);

    public async Task<Result<Done>> Deregister(string cluster, string id, CancellationToken cancellation)
    {
        using var response = await Ask(HttpMethod.Delete, Place(cluster, id), null, cancellation);
        return response.IsSuccessStatusCode ? default(Done) : await ProblemOf(response, cancellation);
    }

    private static string Place(string cluster, string id) =>
        $"{Path}/{Uri.EscapeDataString(cluster)}/{Uri.EscapeDataString(id)}";

    private async Task<Result<T>> Send<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        using var response = await Ask(method, path, body, cancellation);
        return response.IsSuccessStatusCode
            ? await Read(response, type, cancellation)
            : await ProblemOf(response, cancellation);
    }

    private async Task<HttpResponseMessage> Ask(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        var address = new Uri(new Uri(gateway.AbsoluteUri.TrimEnd('/') + "/"), path);
        using var request = new HttpRequestMessage(method, address) { Content = body };
        request.Headers.Add(KeyHeader, key);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode >= HttpStatusCode.InternalServerError)
        {
            response.Dispose();
            throw new HttpRequestException($"The registry answered {(int)response.StatusCode}.");
        }

        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellation);
        return response;
    }

    private static async Task<Problem> ProblemOf(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            throw new HttpRequestException($"The registry answered {status}, and that is not how a registry says it.");
        }

        var said = await Read(response, RefusalJson.Default.RegistryRefusal, cancellation);
        return new Problem(new ProblemCode(said.Code ?? "unknown", status, said.Title ?? ""), said.Detail ?? "");
    }

    // A proxy in between may answer with a page of its own.
    private static async Task<T> Read<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation) ??
                throw new HttpRequestException("The registry's answer is empty.");
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException("The registry's answer is not what was expected.", exception);
        }
    }
}

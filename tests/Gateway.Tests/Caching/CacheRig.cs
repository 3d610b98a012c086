using System.Globalization;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Caching;

/// <summary>A gateway with a cache before an origin that records, on a clock of the test's own.</summary>
internal sealed class CacheRig : IAsyncDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public required GatewayRig Gateway { get; init; }

    public required RecordingOrigin Origin { get; init; }

    public required ManualTime Time { get; init; }

    public static Task<CacheRig> Start(ResponseCache cache, params string[] answers) =>
        Start(cache, route => route, answers);

    public static async Task<CacheRig> Start(
        ResponseCache cache, Func<Route, Route> change, params string[] answers)
    {
        var time = new ManualTime();
        var origin = new RecordingOrigin(time, answers);
        return new CacheRig
        {
            Time = time,
            Origin = origin,
            Gateway = await GatewayRig.Start(
                new GatewayOptions(), time, change(GatewayRig.RouteTo(origin.Address) with { Cache = cache })),
        };
    }

    /// <param name="headers">Parted by <c>|</c>; <c>{-10}</c> is the moment ten seconds ago.</param>
    public Task<HttpResponseMessage> Get(string path, string headers = "") => Send(HttpMethod.Get, path, headers);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string headers = "")
    {
        using var request = new HttpRequestMessage(method, new Uri(Gateway.Http1, path));
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);
            if (value.StartsWith('{'))
            {
                value = Time.GetUtcNow().AddSeconds(int.Parse(value[1..^1], CultureInfo.InvariantCulture))
                    .ToString("R", CultureInfo.InvariantCulture);
            }

            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        Origin.Dispose();
        await Gateway.DisposeAsync();
    }
}

internal static class Answers
{
    public static Task<string> Body(this HttpResponseMessage answer) => answer.Content.ReadAsStringAsync();
}

using System.Net;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>The keys as a process without the identity module has them: over HTTP.</summary>
public sealed class TokenKeysClientTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly ManualTime time = new();

    [Fact]
    public async Task Another_process_finds_the_key_and_asks_for_unknown_ones_once_in_30_seconds()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var counting = new CountingHandler();
        using var http = new HttpClient(counting);
        var address = new Uri(identity.Http.BaseAddress!, "/.well-known/jwks.json");
        using var client = new TokenKeysClient(http, address, time);
        var key = (await identity.Get<ITokenKeys>().Published(cancellation)).Keys[0];

        Assert.Equal(key, await client.Find(key.Kid, cancellation));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.Find($"made up {i}", cancellation).AsTask()));
        Assert.Equal(1, counting.Requests);

        time.Advance(TimeSpan.FromSeconds(30));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.Find($"made up {i}", cancellation).AsTask()));
        Assert.Equal(2, counting.Requests);
        Assert.Equal(key, await client.Find(key.Kid, cancellation));
    }

    [Fact]
    public async Task While_the_service_is_away_it_is_asked_once_a_second()
    {
        var counting = new CountingHandler(HttpStatusCode.ServiceUnavailable);
        using var http = new HttpClient(counting);
        using var client = new TokenKeysClient(http, new Uri("http://127.0.0.1:1/keys"), time);

        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Find("any", cancellation));
        }

        Assert.Equal(1, counting.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Find("any", cancellation));
        Assert.Equal(2, counting.Requests);
    }

    private sealed class CountingHandler(HttpStatusCode? always = null) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int requests;

        public int Requests => requests;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            return always is { } status
                ? Task.FromResult(new HttpResponseMessage(status))
                : base.SendAsync(request, cancellationToken);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
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
        var client = new TokenKeysClient(http, address, time);
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
        var client = new TokenKeysClient(http, new Uri("http://127.0.0.1:1/keys"), time);

        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Find("any", cancellation));
        }

        Assert.Equal(1, counting.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Find("any", cancellation));
        Assert.Equal(2, counting.Requests);
    }

    [Fact]
    public async Task Keys_are_fetched_anew_before_they_are_old_and_nobody_waits_for_it()
    {
        var identity = new Identity();
        var client = identity.Client(time);
        Assert.NotNull(await client.Find("first", cancellation));
        identity.Kids = ["first", "second"];
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await client.Find("first", cancellation));
        Assert.Equal(1, identity.Asked);

        time.Advance(TimeSpan.FromSeconds(1));
        identity.Door = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 50).Select(_ => client.Find("first", cancellation)).ToList();
        Assert.All(waiting, found => Assert.True(found.IsCompletedSuccessfully));
        identity.Door.SetResult();
        await Poll.Until(
            async () => await client.Find("second", cancellation) is not null,
            TimeSpan.FromSeconds(5),
            "the keys of the background");
        Assert.Equal(2, identity.Asked);
    }

    [Fact]
    public async Task The_last_keys_stay_while_the_service_is_away_and_no_longer()
    {
        var identity = new Identity();
        var client = identity.Client(time);
        Assert.NotNull(await client.Find("first", cancellation));
        identity.Answer = HttpStatusCode.InternalServerError;

        for (var hour = 0; hour < 10; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await client.Find("first", cancellation));
            await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Find("new", cancellation));
        }

        (identity.Answer, identity.Kids) = (HttpStatusCode.OK, ["new"]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await client.Find("new", cancellation));
        Assert.Null(await client.Find("first", cancellation));
    }

    [Fact]
    public async Task Key_that_was_taken_back_is_not_believed_past_the_age_of_the_answer()
    {
        var identity = new Identity();
        var client = identity.Client(time);
        Assert.NotNull(await client.Find("first", cancellation));
        identity.Kids = ["second"];
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await client.Find("first", cancellation));
    }

    [Fact]
    public async Task A_page_that_is_no_key_set_changes_nothing()
    {
        var identity = new Identity();
        var client = identity.Client(time);
        Assert.NotNull(await client.Find("first", cancellation));
        identity.Page = "<html>Back soon</html>";
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.NotNull(await client.Find("first", cancellation));
    }

    /// <summary>Publishes what it is told to, for five minutes, when it is told to.</summary>
    private sealed class Identity : HttpMessageHandler
    {
        private int asked;

        public int Asked => asked;

        public string[] Kids { get; set; } = ["first"];

        public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

        public string? Page { get; set; }

        public TaskCompletionSource? Door { get; set; }

        public TokenKeysClient Client(TimeProvider time) =>
            new(new HttpClient(this), new Uri("http://identity.test/keys"), time);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (Door is { } door)
            {
                await door.Task;
            }

            var keys = Kids.Select(kid => $$"""{"kid":"{{kid}}","kty":"EC","alg":"ES256","crv":"P-256"}""");
            var answer = new HttpResponseMessage(Answer)
            {
                Content = new StringContent(
                    Page ?? $$"""{"keys":[{{string.Join(',', keys)}}]}""",
                    Encoding.UTF8,
                    Page is null ? "application/json" : "text/html"),
            };
            answer.Headers.CacheControl = new CacheControlHeaderValue { MaxAge = TimeSpan.FromMinutes(5) };
            return answer;
        }
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

using System.Net;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>The checks as a process without the identity module has them: over HTTP.</summary>
public sealed class SessionChecksClientTests : IDisposable
{
    private static readonly Caller Ada = new(new UserId(Guid.NewGuid()), Role.User, new SessionId(Guid.NewGuid()));
    private readonly ManualTime time = new();
    private readonly Identity identity = new();
    private readonly HttpClient http;
    private readonly SessionChecksClient client;

    public SessionChecksClientTests()
    {
        http = new HttpClient(identity);
        client = new SessionChecksClient(http, new Uri("http://identity.test/auth/session"), time);
    }

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task The_service_is_asked_with_the_callers_own_token()
    {
        await using var real = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var account = await real.AddAccount("ada@example.org");
        var token = (await real.Login("ada@example.org")).AccessToken;
        var session = new SessionId(await real.First<Guid>("SELECT id FROM sessions"));
        var caller = new Caller(new UserId(account.Id), Role.User, session);
        var checks = new SessionChecksClient(real.Http, new Uri(real.Http.BaseAddress!, "/auth/session"), time);
        Assert.True(await checks.IsGood(caller, token, atOnce: false, default));

        await real.Execute("UPDATE sessions SET ended_at = created_at");

        Assert.False(await checks.IsGood(caller, token, atOnce: true, default));
        // The refusal that was asked for at once is remembered for the others.
        Assert.False(await checks.IsGood(caller, token, atOnce: false, default));
    }

    [Fact]
    public async Task A_hundred_calls_at_once_are_one_question_and_those_after_them_none()
    {
        identity.Door = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 100).Select(_ => IsGood()).ToList();
        identity.Door.SetResult();
        Assert.All(await Task.WhenAll(calls), Assert.True);
        Assert.True(await IsGood());
        Assert.Equal(1, identity.Asked);
    }

    [Fact]
    public async Task Caller_who_goes_on_never_waits_and_is_refused_within_the_bound()
    {
        Assert.True(await IsGood());
        time.Advance(SessionCheckBound.Age / 2);
        identity.Answer = HttpStatusCode.Unauthorized;

        Assert.True(await IsGood());
        await Poll.Until(async () => !await IsGood(), TimeSpan.FromSeconds(5), "the question asked in the background");
    }

    [Fact]
    public async Task Unused_answer_is_not_believed_past_the_bound()
    {
        Assert.True(await IsGood());
        identity.Answer = HttpStatusCode.Unauthorized;
        time.Advance(SessionCheckBound.Age);
        Assert.False(await IsGood());
    }

    [Fact]
    public async Task While_the_service_is_silent_ordinary_calls_go_on_and_others_do_not()
    {
        identity.Answer = HttpStatusCode.ServiceUnavailable;

        Assert.True(await IsGood());
        await Assert.ThrowsAsync<HttpRequestException>(() => IsGood(atOnce: true));
        var asked = identity.Asked;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(await IsGood());
        }

        Assert.Equal(asked, identity.Asked);
        time.Advance(TimeSpan.FromSeconds(1));
        identity.Answer = HttpStatusCode.Unauthorized;
        await Poll.Until(async () => !await IsGood(), TimeSpan.FromSeconds(5), "the probe in the background");
    }

    [Fact]
    public async Task While_the_service_hangs_nobody_waits_for_the_probe()
    {
        identity.Answer = HttpStatusCode.ServiceUnavailable;
        Assert.True(await IsGood());
        identity.Door = new TaskCompletionSource();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(IsGood().IsCompletedSuccessfully);
        identity.Door.SetResult();
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.OK)]
    public async Task Answer_that_is_neither_yes_nor_no_stops_its_caller_and_nobody_elses_checks(HttpStatusCode neither)
    {
        Assert.True(await IsGood());
        identity.Answer = neither;
        time.Advance(SessionCheckBound.Age / 2);
        Assert.True(await IsGood());
        time.Advance(SessionCheckBound.Age / 2);
        await Assert.ThrowsAsync<HttpRequestException>(() => IsGood());
        await Assert.ThrowsAsync<HttpRequestException>(() => IsGood(atOnce: true));

        identity.Answer = HttpStatusCode.Unauthorized;
        var eve = Ada with { Session = new SessionId(Guid.NewGuid()) };
        Assert.False(await client.IsGood(eve, "hers", atOnce: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Token_that_was_refused_stays_so_while_the_service_is_silent()
    {
        identity.Answer = HttpStatusCode.Unauthorized;
        Assert.False(await IsGood());
        identity.Answer = HttpStatusCode.BadGateway;
        time.Advance(SessionCheckBound.Age);
        Assert.False(await IsGood());
        Assert.False(await IsGood());
    }

    [Fact]
    public async Task Refusal_of_one_token_is_none_of_the_next_token_of_the_session()
    {
        identity.Answer = HttpStatusCode.Unauthorized;
        Assert.False(await IsGood(token: "expired a moment ago"));
        identity.Answer = HttpStatusCode.NoContent;
        Assert.True(await IsGood(token: "fresh"));
    }

    [Fact]
    public async Task It_remembers_no_more_callers_than_it_says()
    {
        for (var i = 0; i < SessionChecksClient.EntriesMax + 10; i++)
        {
            var caller = Ada with { Session = new SessionId(Guid.NewGuid()) };
            Assert.True(await client.IsGood(caller, $"{i}", atOnce: false, default));
        }

        Assert.InRange(client.Count, 1, SessionChecksClient.EntriesMax);
    }

    private Task<bool> IsGood(bool atOnce = false, string token = "token") =>
        client.IsGood(Ada, token, atOnce, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Answers, fails or waits as it is told.</summary>
    private sealed class Identity : HttpMessageHandler
    {
        private int asked;

        public int Asked => asked;

        public HttpStatusCode Answer { get; set; } = HttpStatusCode.NoContent;

        public TaskCompletionSource? Door { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (Door is { } door)
            {
                await door.Task.WaitAsync(cancellationToken);
            }

            return new HttpResponseMessage(Answer);
        }
    }
}

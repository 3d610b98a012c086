using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

public sealed partial class AuthEndpointsTests
{
    private const string Email = "ada@example.org";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Register_log_in_refresh_and_log_out(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);

        var registered = await identity.Post(
            "/auth/register", new { email = Email, password = TestIdentity.Password, name = "Ada" });
        Assert.Equal(HttpStatusCode.Accepted, registered.StatusCode);

        var login = await identity.Post(
            "/auth/login", new { email = "ADA@example.org", password = TestIdentity.Password });
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.True(login.Headers.CacheControl?.NoStore);
        var body = await login.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        Assert.Equal("Bearer", body.GetProperty("tokenType").GetString());
        Assert.Equal(600, body.GetProperty("expiresIn").GetInt32());
        Assert.Equal("user", body.GetProperty("user").GetProperty("role").GetString());
        Assert.Equal("Ada", body.GetProperty("user").GetProperty("name").GetString());

        var refreshed = await identity.Post(
            "/auth/refresh", new { refreshToken = body.GetProperty("refreshToken").GetString() });
        var grant = await refreshed.Content.ReadFromJsonAsync(IdentityJson.Default.TokenGrant, cancellation);
        var me = await identity.GetWith("/auth/me", grant!.AccessToken);
        Assert.Equal(grant.User, await me.Content.ReadFromJsonAsync(IdentityJson.Default.AccountView, cancellation));
        Assert.True(me.Headers.CacheControl?.NoStore);

        var logout = new HttpRequestMessage(HttpMethod.Post, "/auth/logout");
        logout.Headers.Add("Authorization", $"Bearer {grant.AccessToken}");
        Assert.Equal(HttpStatusCode.NoContent, (await identity.Http.SendAsync(logout, cancellation)).StatusCode);
        var after = await identity.Post("/auth/refresh", new { refreshToken = grant.RefreshToken });
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_refresh_token"), (after.StatusCode, await CodeOf(after)));
    }

    [Fact]
    public async Task A_free_and_a_taken_address_are_answered_with_the_same_bytes()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var request = new { email = Email, password = TestIdentity.Password };

        var free = await identity.Post("/auth/register", request);
        var taken = await identity.Post("/auth/register", request);

        Assert.Equal(free.StatusCode, taken.StatusCode);
        Assert.Equal(await Text(free), await Text(taken));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_with_the_same_bytes_but_for_ids()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount(Email);

        var wrong = await identity.Post("/auth/login", new { email = Email, password = "wrong password" });
        var unknown = await identity.Post(
            "/auth/login", new { email = "eve@example.org", password = "wrong password" });

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("Bearer", wrong.Headers.WwwAuthenticate.ToString());
        Assert.Equal(WithoutIds(await Text(wrong)), WithoutIds(await Text(unknown)));
        Assert.Equal(Names(wrong), Names(unknown));
    }

    [Theory]
    [InlineData("""{"email":"a@example.org","password":"long enough","role":"admin"}""", 422)]
    [InlineData("""{"email":["a@example.org"],"password":"long enough"}""", 422)]
    [InlineData("""{"email":"a@example.org","email":"b@example.org","password":"long enough"}""", 400)]
    [InlineData("""{"email":"a@example.org","password":"long\u0000enough"}""", 422)]
    [InlineData("""{"email":"a@example.org\u0000","password":"long enough"}""", 422)]
    [InlineData("""{"email":"a@example.org","password":"\ud83d long enough"}""", 400, 422)]
    [InlineData("""["a@example.org"]""", 400)]
    [InlineData("""{"email":"a@example.org","passw""", 400)]
    [InlineData("", 422)]
    public async Task Bad_bodies_are_refused_with_a_problem(string json, params int[] statuses)
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);

        foreach (var path in new[] { "/auth/register", "/auth/login" })
        {
            var body = new StringContent(json, Encoding.UTF8, "application/json");
            var response = await identity.Http.PostAsync(path, body, cancellation);

            // A zero byte or half a pair in a password that is only typed is a wrong password.
            var typed = path == "/auth/login" && json.Contains("\\u", StringComparison.Ordinal);
            int[] allowed = typed ? [.. statuses, 401] : statuses;
            Assert.Contains((int)response.StatusCode, allowed);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public async Task A_large_body_is_refused_before_any_hash()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);

        var response = await identity.Post("/auth/login", new { email = Email, password = new string('x', 1_000_000) });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Logins_past_the_gate_are_told_when_to_come_back()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(database, gate: new HashGate(workers: 1, queue: 1));
        using var hold = new ManualResetEventSlim();
        // One is worked on and one waits, as long as the test wants.
        var inside = Enumerable.Range(0, 2)
            .Select(_ => identity.Get<HashGate>().Run(() => hold.Wait(TimeSpan.FromMinutes(1)), cancellation))
            .ToArray();
        var login = new { email = "eve@example.org", password = "wrong password" };

        var refused = await identity.Post("/auth/login", login);
        hold.Set();
        await Task.WhenAll(inside);
        var later = await identity.Post("/auth/login", login);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "busy"), (refused.StatusCode, await CodeOf(refused)));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Unauthorized, later.StatusCode);
    }

    [Fact]
    public async Task A_role_too_low_is_forbidden_and_none_is_unauthenticated()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount(Email);
        await identity.AddAccount("host@example.org", Role.Organizer);
        await identity.AddAccount("root@example.org", Role.Admin);

        var nobody = await identity.Http.GetAsync("/test/organizer", cancellation);
        var user = await identity.GetWith("/test/organizer", (await identity.Login(Email)).AccessToken);

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (nobody.StatusCode, await CodeOf(nobody)));
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (user.StatusCode, await CodeOf(user)));
        foreach (var email in new[] { "host@example.org", "root@example.org" })
        {
            var login = await identity.Login(email);
            Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/test/organizer", login.AccessToken)).StatusCode);
        }
    }

    [Fact]
    public async Task Published_keys_hold_nothing_private()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);

        var set = await identity.Http.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json", cancellation);
        var key = set.GetProperty("keys")[0];

        Assert.Equal(
            ["alg", "crv", "kid", "kty", "use", "x", "y"],
            key.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("ES256", key.GetProperty("alg").GetString());
    }

    private async Task<string?> CodeOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("code").GetString();

    private Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(cancellation);

    private static string WithoutIds(string json) => Ids().Replace(json, "");

    private static IEnumerable<string> Names(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Order(StringComparer.Ordinal);

    [GeneratedRegex("\"(requestId|traceId)\":\"[0-9a-f-]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>How browsers keep their tokens, and who may make them send these.</summary>
public sealed class SessionCookieTests
{
    private const string Email = "ada@example.org";
    private static readonly string Login =
        $$"""{"email":"{{Email}}","password":"{{TestIdentity.Password}}","cookie":true}""";

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "3.3.1")]
    [Trait("ASVS", "3.3.2")]
    [Trait("ASVS", "3.3.3")]
    [Trait("ASVS", "3.3.4")]
    public async Task A_browsers_tokens_are_in_cookies_that_no_script_and_no_other_site_has(DatabaseProvider provider)
    {
        await using var identity = await WithAda(provider);

        var login = await new Browser(identity).Post("/auth/login", Login);

        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        var body = await login.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        Assert.False(body.TryGetProperty("refreshToken", out _));
        Assert.False(body.TryGetProperty("deviceToken", out _));
        Assert.NotEmpty(body.GetProperty("accessToken").GetString()!);
        var cookies = SetBy(login);
        Assert.Equal(["__Host-device", "__Host-rt"], cookies.Keys.Order());
        Assert.Equal(2_592_000, MaxAge(cookies["__Host-rt"]));
        Assert.Equal(31_536_000, MaxAge(cookies["__Host-device"]));
        Assert.All(cookies.Values, cookie => Assert.Equal(
            ["httponly", "path=/", "samesite=strict", "secure"],
            cookie.Split("; ").Skip(1).Where(a => !a.StartsWith("max-age", StringComparison.Ordinal)).Order()));
    }

    [OnEveryDatabase]
    public async Task A_browser_refreshes_with_its_cookie_and_gets_the_next(DatabaseProvider provider)
    {
        await using var identity = await WithAda(provider);
        var browser = await LoggedIn(identity);
        identity.Time.Jump(TimeSpan.FromDays(80));
        // Idle for too long; a session in use comes to its end in ten days, and its cookie with it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Post("/auth/refresh", "{}")).StatusCode);
        browser = await LoggedIn(identity);
        for (var day = 0; day < 80; day += 20)
        {
            identity.Time.Jump(TimeSpan.FromDays(20));
            var refreshed = await browser.Post("/auth/refresh", "{}");
            Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
            var cookie = Assert.Single(SetBy(refreshed));
            Assert.NotEqual(browser.Cookie, $"{cookie.Key}={cookie.Value.Split(';')[0]}");
            Assert.Equal(Math.Min(30, 90 - day - 20) * 86_400, MaxAge(cookie.Value));
            Assert.DoesNotContain("refreshToken", await refreshed.Content.ReadAsStringAsync(cancellation),
                StringComparison.Ordinal);
            browser = browser with { Cookie = $"{cookie.Key}={cookie.Value.Split(';')[0]}" };
        }
    }

    [OnEveryDatabase]
    [Trait("ASVS", "3.5.1")]
    public async Task Only_our_own_pages_make_a_cookie_count(DatabaseProvider provider)
    {
        await using var identity = await WithAda(provider);
        var browser = await LoggedIn(identity);
        var own = identity.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach (var from in new (string, string)?[]
        {
            null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "none"),
            ("Sec-Fetch-Site", "same-origin, same-origin"), ("Origin", "https://evil.example"), ("Origin", "null"),
            ("Origin", $"{own}.evil.example"), ("Origin", own.Replace("http:", "https:", StringComparison.Ordinal)),
            ("Origin", ""), ("Referer", own),
        })
        {
            var foreign = browser with { From = from, Token = null };
            foreach (var (path, json) in new[]
            {
                ("/auth/refresh", "{}"), ("/auth/logout", ""), ("/auth/login", Login),
            })
            {
                var refused = await foreign.Post(path, json);
                Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, $"{path} from {from}: {refused}");
                Assert.Equal("bad_origin", await CodeOf(refused));
                Assert.Empty(SetBy(refused));
            }
        }

        // A form can be sent from anywhere, as one of these; a script of another site cannot send JSON.
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data" })
        {
            var form = await browser.Send(
                HttpMethod.Post, "/auth/refresh", new StringContent("", Encoding.UTF8, type));
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        }

        var old = browser with { From = ("Origin", own) };
        Assert.Equal(HttpStatusCode.OK, (await old.Post("/auth/refresh", "{}")).StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_its_scheme_counts_and_origins_that_were_named()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(
            database,
            options: new IdentityOptions { BcryptCost = 4, Origins = ["https://tickets.example.org"] },
            http: new HttpOptions { TrustedProxies = ["127.0.0.1"] });
        await identity.AddAccount(Email);
        identity.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var own = identity.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, status) in new[]
        {
            ("https://tickets.example.org", HttpStatusCode.OK),
            ("http://tickets.example.org", HttpStatusCode.Forbidden),
            (own.Replace("http:", "https:", StringComparison.Ordinal), HttpStatusCode.OK),
            (own, HttpStatusCode.Forbidden),
        })
        {
            var login = await new Browser(identity) { From = ("Origin", origin) }.Post("/auth/login", Login);
            Assert.Equal(status, login.StatusCode);
        }
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.1")]
    public async Task A_browser_logs_out_with_its_cookie_alone_once_its_access_token_is_gone(DatabaseProvider provider)
    {
        await using var identity = await WithAda(provider);
        foreach (var token in new[] { null, "expired.or.forged" })
        {
            var browser = await LoggedIn(identity) with { Token = token };
            var logout = await browser.Post("/auth/logout", "");

            Assert.Equal(HttpStatusCode.NoContent, logout.StatusCode);
            var cookie = Assert.Single(SetBy(logout));
            Assert.Equal(("__Host-rt", 0L), (cookie.Key, MaxAge(cookie.Value)));
            Assert.Equal(
                "invalid_refresh_token", await CodeOf(await browser.Post("/auth/refresh", "{}")));
            // What is over already, or never was, is over.
            Assert.Equal(HttpStatusCode.NoContent, (await browser.Post("/auth/logout", "")).StatusCode);
            var nonsense = await (browser with { Cookie = "__Host-rt=nonsense" }).Post("/auth/logout", "");
            Assert.Equal(HttpStatusCode.NoContent, nonsense.StatusCode);
        }

        var nobody = await new Browser(identity).Post("/auth/logout", "");
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (nobody.StatusCode, await CodeOf(nobody)));
        Assert.Equal(2, await identity.Count(
            "SELECT count(*) FROM audit_log WHERE action = 'session.ended' AND actor IS NOT NULL"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.2.4")]
    public async Task Who_logs_in_again_in_a_browser_leaves_no_session_behind_and_is_known(DatabaseProvider provider)
    {
        await using var identity = await WithAda(provider);
        var browser = await LoggedIn(identity);
        var before = AccessTokens.Session(browser.Token!);

        var again = await browser.Post("/auth/login", Login);

        var body = await again.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        Assert.NotEqual(before, AccessTokens.Session(body.GetProperty("accessToken").GetString()!));
        Assert.Equal("invalid_refresh_token", await CodeOf(await browser.Post("/auth/refresh", "{}")));
        Assert.Equal(1, await identity.Count("SELECT count(*) FROM devices"));
        Assert.Equal(0, await identity.Count("SELECT count(*) FROM outbox WHERE type = 'user.new_sign_in'"));
    }

    [Fact]
    [Trait("ASVS", "9.2.2")]
    public async Task No_other_route_knows_a_cookie_and_a_refresh_token_is_no_access_token()
    {
        await using var identity = await WithAda(DatabaseProvider.Sqlite);
        var browser = await LoggedIn(identity);
        var cookieOnly = browser with { Token = null };
        foreach (var path in new[] { "/auth/me", "/auth/sessions", "/test/organizer" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await cookieOnly.Send(HttpMethod.Get, path)).StatusCode);
        }

        var grant = await identity.Login(Email);
        var bearer = new Browser(identity) { Token = grant.RefreshToken };
        var refused = await bearer.Send(HttpMethod.Get, "/auth/me");
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (refused.StatusCode, await CodeOf(refused)));
        // In a body a token counts as ever, whatever cookies say.
        var api = cookieOnly with { From = null };
        var renewed = await api.Post("/auth/refresh", $$"""{"refreshToken":"{{grant.RefreshToken}}"}""");
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Empty(SetBy(renewed));
    }

    private static async Task<TestIdentity> WithAda(DatabaseProvider provider)
    {
        var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        return identity;
    }

    private async Task<Browser> LoggedIn(TestIdentity identity)
    {
        var login = await new Browser(identity).Post("/auth/login", Login);
        var grant = await login.Content.ReadFromJsonAsync(IdentityJson.Default.TokenGrant, cancellation);
        return new Browser(identity)
        {
            Token = grant!.AccessToken,
            Cookie = string.Join("; ", SetBy(login).Select(cookie => $"{cookie.Key}={cookie.Value.Split(';')[0]}")),
        };
    }

    /// <summary>Name to the rest of what was set.</summary>
    private static Dictionary<string, string> SetBy(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Select(cookie => cookie.Split('=', 2)).ToDictionary(cookie => cookie[0], cookie => cookie[1])
            : [];

    private static long MaxAge(string cookie) =>
        long.Parse(
            cookie.Split("; ").Single(a => a.StartsWith("max-age=", StringComparison.Ordinal))[8..],
            CultureInfo.InvariantCulture);

    private async Task<string?> CodeOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("code").GetString();
}

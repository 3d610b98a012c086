using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>How often a password may be wrong, and who is not stopped by it.</summary>
public sealed partial class GuessLimitTests
{
    private const string Email = "ada@example.org";
    private const int PerEmail = 5;
    private const int PerAddress = 10;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "6.3.1")]
    public async Task Strangers_use_up_the_guesses_of_an_account_and_its_owner_still_gets_in_on_a_known_device(
        DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);
        var device = await DeviceOf(await new Browser(identity, "198.51.100.1").LogIn(Email));

        var guesses = new List<HttpStatusCode>();
        for (var i = 1; i <= PerAddress; i++)
        {
            guesses.Add(await new Browser(identity, $"203.0.113.{i}").Guess(Email));
        }

        Assert.Equal(PerEmail, guesses.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.TooManyRequests, guesses[^1]);
        var stranger = await new Browser(identity, "203.0.113.99").LogIn(Email);
        Assert.Equal(HttpStatusCode.TooManyRequests, stranger.StatusCode);
        Assert.InRange(stranger.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));

        // Its owner, at home and at an address that is used up as well.
        var used = new Browser(identity, "203.0.113.200");
        await UseUp(used);
        foreach (var place in new[] { new Browser(identity, "198.51.100.1"), used })
        {
            Assert.Equal(HttpStatusCode.OK, (await place.LogIn(Email, device: device)).StatusCode);
        }
    }

    [OnEveryDatabase]
    public async Task A_device_that_is_not_the_owners_opens_nothing_and_the_owners_has_a_count_of_its_own(
        DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);
        await identity.AddAccount("eve@example.org");
        var hers = await DeviceOf(await new Browser(identity).LogIn(Email));
        var eves = await DeviceOf(await new Browser(identity).LogIn("eve@example.org"));
        var eve = new Browser(identity, "203.0.113.1");
        for (var i = 0; i < PerEmail; i++)
        {
            await eve.Guess(Email);
        }

        foreach (var device in new[] { eves, new string('A', 43), "short", "" })
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await eve.Guess(Email, device));
        }

        var stolen = Enumerable.Range(0, PerAddress + 1).Select(_ => eve.Guess(Email, hers));
        var answers = await Task.WhenAll(stolen);
        Assert.Equal(PerAddress, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(1, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [OnEveryDatabase]
    public async Task An_address_guesses_ten_times_whoever_it_tries_and_right_passwords_do_not_count(
        DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);
        var office = new Browser(identity);
        for (var i = 0; i < 3 * PerAddress; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await office.LogIn(Email)).StatusCode);
        }

        await UseUp(office);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await office.LogIn(Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await new Browser(identity, "192.0.2.2").LogIn(Email)).StatusCode);
        identity.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.OK, (await office.LogIn(Email)).StatusCode);
    }

    [OnEveryDatabase]
    public async Task Guesses_at_once_are_counted_before_they_are_tried(DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60)
            .Select(i => new Browser(identity, $"203.0.113.{i + 1}").Guess(Email)));

        Assert.Equal(PerEmail, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(60 - PerEmail, answers.Count(status => status == HttpStatusCode.TooManyRequests));
        // Refused, they did not spend what their addresses have.
        Assert.Equal(HttpStatusCode.Unauthorized, await new Browser(identity, "203.0.113.9").Guess("b@example.org"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.3.8")]
    public async Task A_used_up_account_cannot_be_told_from_an_address_without_one(DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);
        var texts = new List<string>();
        foreach (var (email, address) in new[] { (Email, "203.0.113.1"), ("nobody@example.org", "203.0.113.2") })
        {
            var browser = new Browser(identity, address);
            for (var i = 0; i < PerEmail; i++)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await browser.Guess(email));
            }

            // An address written otherwise is the same account.
            var refused = await browser.LogIn(email.ToUpperInvariant(), "not the password");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            texts.Add(Ids().Replace(await refused.Content.ReadAsStringAsync(cancellation), ""));
        }

        Assert.Equal(texts[0], texts[1]);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "16.3.1")]
    public async Task A_limit_that_is_used_up_is_audited_once_a_window(DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        var ada = await identity.AddAccount(Email);
        for (var window = 1; window <= 2; window++)
        {
            for (var i = 0; i < 4 * PerEmail; i++)
            {
                await new Browser(identity, $"203.0.113.{i}").Guess(Email);
            }

            Assert.Equal(window, await identity.Count(
                $"SELECT count(*) FROM audit_log WHERE action = 'login.limited' AND object = 'user/{ada.Id}'"));
            identity.Time.Advance(TimeSpan.FromMinutes(16));
        }
    }

    [Fact]
    [Trait("ASVS", "4.1.3")]
    public async Task Without_a_trusted_proxy_nobody_has_another_address_by_saying_so()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(database, limits: new LimitsOptions());
        for (var i = 0; i < PerAddress; i++)
        {
            await new Browser(identity, $"203.0.113.{i}").Guess($"someone{i}@example.org");
        }

        var next = new Browser(identity, "203.0.113.77");
        Assert.Equal(HttpStatusCode.TooManyRequests, await next.Guess("another@example.org"));
    }

    [OnEveryDatabase]
    public async Task Showing_the_password_again_is_limited_apart_from_logins(DatabaseProvider provider)
    {
        await using var identity = await Limited(provider);
        await identity.AddAccount(Email);
        var login = await new Browser(identity).LogIn(Email);
        var grant = await login.Content.ReadFromJsonAsync(IdentityJson.Default.TokenGrant, cancellation);
        var thief = new Browser(identity) { Token = grant!.AccessToken };
        for (var i = 0; i < PerEmail; i++)
        {
            var wrong = await thief.Post("/auth/reauthenticate", """{"password":"not the password"}""");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        var right = $$"""{"password":"{{TestIdentity.Password}}"}""";
        Assert.Equal(
            HttpStatusCode.TooManyRequests, (await thief.Post("/auth/reauthenticate", right)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await new Browser(identity).LogIn(Email)).StatusCode);
    }

    /// <summary>With limits, behind a proxy that says who sends.</summary>
    private static async Task<TestIdentity> Limited(DatabaseProvider provider)
    {
        var database = TestDatabase.Create(provider);
        return await TestIdentity.Start(
            database,
            database,
            limits: new LimitsOptions { AuthPerMinute = 10_000 },
            http: new HttpOptions { TrustedProxies = ["127.0.0.1"] });
    }

    private static async Task UseUp(Browser browser)
    {
        for (var i = 0; i < PerAddress; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await browser.Guess($"someone{i}@example.org"));
        }
    }

    private async Task<string> DeviceOf(HttpResponseMessage login) =>
        (await login.Content.ReadFromJsonAsync(IdentityJson.Default.TokenGrant, cancellation))!.DeviceToken!;

    [GeneratedRegex("\"(requestId|traceId)\":\"[0-9a-f-]+\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();
}

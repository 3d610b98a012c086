using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Modules in processes of their own: one makes the tokens, another checks them by its keys.</summary>
public sealed class ApartTests(Installations installations)
{
    private const string Modules = "GATEHOUSE_MODULES";
    private const string IdentityUrl = "GATEHOUSE_TOKENS__IDENTITYURL";

    [OnEveryDatabase]
    public async Task Ticketing_alone_takes_the_tokens_that_identity_made(DatabaseProvider provider)
    {
        var installation = await installations.On(provider);
        using var identity = await installation.StartAnother(null, (Modules, "identity"));
        using var ticketing = await installation.StartAnother(
            null, (Modules, "ticketing"), (IdentityUrl, $"{identity.Address}"));
        var email = $"apart-{Guid.NewGuid():N}@example.org";
        var there = new Api(identity.Client);
        (await there.Post("/auth/register", Installation.Credentials(email))).Is(202);
        var token = (await there.Post("/auth/login", Installation.Credentials(email))).Is(200)["accessToken"];
        var eventId = await (installation.Organizer with { Http = ticketing.Client }).Publish(3);

        var buyer = new Api(ticketing.Client, token);
        (await buyer.Book(eventId, 2)).Is(201);
        Assert.Equal(1, await installation.Organizer.Available(eventId));
        (await (buyer with { Token = token[..^3] + "AAA" }).Get("/bookings")).IsProblem(401, "invalid_token");
        (await buyer.Get("/auth/me")).IsProblem(404, "not_found");
        (await there.Get("/events")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task While_the_keys_cannot_be_had_a_token_is_503_and_what_needs_none_goes_on()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        var port = LoopbackPort.Free();
        using var ticketing = await installation.StartAnother(
            null, (Modules, "ticketing"), (IdentityUrl, $"http://127.0.0.1:{port}"));
        var buyer = await installation.Buyer() with { Http = ticketing.Client };

        var refused = (await buyer.Get("/bookings")).IsProblem(503, "unavailable");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 10);
        (await (buyer with { Token = null }).Get("/events")).Is(200);

        using var identity = await installation.StartAnother(port, (Modules, "identity"));
        await Poll.Until(
            async () => (await buyer.Get("/bookings")).Status == 200, TimeSpan.FromSeconds(10), "the keys to be found");
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.1")]
    [Trait("ASVS", "8.3.2")]
    public async Task What_ends_in_identity_ends_at_once_in_ticketing_where_a_permission_is_asked_for(
        DatabaseProvider provider)
    {
        var installation = await installations.On(provider);
        using var ticketing = await installation.StartAnother(
            null, (Modules, "ticketing"), (IdentityUrl, installation.Process.Address.ToString()));
        var admin = await installation.FreshAdmin();
        var email = $"apart-{Guid.NewGuid():N}@example.org";
        var id = (await (await installation.SignUp(email)).Get("/auth/me")).Is(200).Id;
        (await admin.Patch($"/users/{id}", """{"role":"organizer"}""")).Is(200);
        var organizer = await installation.LogIn(email) with { Http = ticketing.Client };
        await organizer.Publish(3);

        (await admin.Patch($"/users/{id}", """{"role":"user"}""")).Is(200);
        (await organizer.Post("/events", "{}")).IsProblem(401, "invalid_token");
        var user = await installation.LogIn(email) with { Http = ticketing.Client };
        (await user.Post("/events", "{}")).IsProblem(403, "forbidden");
        (await user.Get("/bookings")).Is(200);

        // No database of identity's is within reach of this process: it asks with the caller's own token.
        (await admin.Delete($"/users/{id}/sessions")).Is(204);
        (await user.Post("/events", "{}")).IsProblem(401, "invalid_token");
        (await user.Get("/bookings")).IsProblem(401, "invalid_token");
    }

    [Fact]
    public async Task While_identity_is_away_ordinary_calls_go_on_and_those_that_need_a_permission_are_503()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        using var identity = await installation.StartAnother(null, (Modules, "identity"));
        using var ticketing = await installation.StartAnother(
            null, (Modules, "ticketing"), (IdentityUrl, identity.Address.ToString()));
        var buyer = await installation.Buyer() with { Http = ticketing.Client };
        var organizer = installation.Organizer with { Http = ticketing.Client };
        (await buyer.Get("/bookings")).Is(200);
        await organizer.Publish(3);

        identity.Kill();

        for (var i = 0; i < 20; i++)
        {
            (await buyer.Get("/bookings")).Is(200);
        }

        var refused = (await organizer.Post("/events", Api.Wish().ToJsonString())).IsProblem(503, "unavailable");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 10);
        (await (buyer with { Token = null }).Get("/events")).Is(200);
    }

    [Fact]
    public async Task Ticketing_alone_does_not_start_without_knowing_where_the_keys_are()
    {
        var start = await GatehouseProcess.Run(
            new Dictionary<string, string> { ["GATEHOUSE_ENVIRONMENT"] = "Development", [Modules] = "ticketing" },
            ["serve"]);

        Assert.Equal(1, start.ExitCode);
        Assert.Contains(IdentityUrl, start.Errors, StringComparison.Ordinal);
    }
}

namespace Gatehouse.EndToEnd.Tests;

/// <summary>An account's way: register, log in, refresh, log out.</summary>
public sealed class SessionTests(Installations installations)
{
    [Flow]
    public async Task A_person_registers_logs_in_refreshes_and_logs_out(Topology topology)
    {
        var installation = await installations.On(topology);
        var anyone = installation.Anyone;
        var email = $"Ada.{Guid.NewGuid():N}@Example.org";
        (await anyone.Post("/auth/register",
            $$"""{"email":"{{email}}","password":"{{Installation.Password}}","name":" Ada "}""")).Is(202);

        var login = (await anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);
        Assert.Equal("Bearer", login["tokenType"]);
        Assert.InRange(login.Number("expiresIn"), 300, 900);
        Assert.Equal("no-store", login.Header("Cache-Control"));
        var me = (await (anyone with { Token = login["accessToken"] }).Get("/auth/me")).Is(200).Json;
        Assert.Equal(email.ToLowerInvariant(), me.GetProperty("email").GetString());
        Assert.Equal("Ada", me.GetProperty("name").GetString());
        Assert.Equal("user", me.GetProperty("role").GetString());
        Assert.Equal(login.Json.GetProperty("user").GetProperty("id").GetString(), me.GetProperty("id").GetString());
        Assert.False(me.GetProperty("emailVerified").GetBoolean());

        var refreshed = (await Refresh(anyone, login["refreshToken"])).Is(200);
        Assert.NotEqual(login["refreshToken"], refreshed["refreshToken"]);
        var now = anyone with { Token = refreshed["accessToken"] };
        (await now.Get("/auth/me")).Is(200);

        (await now.Post("/auth/logout", "")).Is(204);
        (await Refresh(anyone, refreshed["refreshToken"])).IsProblem(401, "invalid_refresh_token");
        (await now.Post("/auth/logout", "")).IsProblem(401, "invalid_token");
    }

    [InEveryTopology]
    public async Task A_refresh_token_that_was_spent_long_ago_ends_the_session_and_no_other(Topology topology)
    {
        var installation = await installations.On(topology);
        var anyone = installation.Anyone;
        var email = $"stolen-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        var phone = (await anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);
        var laptop = (await anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);

        var second = (await Refresh(anyone, phone["refreshToken"])).Is(200);
        var third = (await Refresh(anyone, second["refreshToken"])).Is(200);
        (await Refresh(anyone, phone["refreshToken"])).IsProblem(401, "refresh_reused");
        (await Refresh(anyone, third["refreshToken"])).IsProblem(401, "invalid_refresh_token");
        (await Refresh(anyone, laptop["refreshToken"])).Is(200);
    }

    [InEveryTopology]
    public async Task Of_fifty_refreshes_of_one_token_at_once_no_two_lines_go_on(Topology topology)
    {
        var installation = await installations.On(topology);
        var anyone = installation.Anyone;
        var email = $"tabs-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        var login = (await anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Refresh(anyone, login["refreshToken"])));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 401, $"{answer}"));
        var lines = answers.Where(answer => answer.Status == 200).Select(answer => answer["refreshToken"]).ToArray();
        Assert.NotEmpty(lines);
        Assert.Distinct(lines);

        // One goes on, past the leeway of one generation: the others are a second holder now, and all ends.
        var line = lines[0];
        for (var step = 0; step < 2; step++)
        {
            var next = await Refresh(anyone, line);
            Assert.True(next.Status == (lines.Length == answers.Length ? 200 : 401), $"{next}");
            line = next.Status == 200 ? next["refreshToken"] : line;
        }

        var others = await Task.WhenAll(lines.Skip(1).Select(other => Refresh(anyone, other)));
        Assert.All(others, other => other.Is(401));
        if (lines.Length == answers.Length)
        {
            Assert.Contains(others, other => other["code"] == "refresh_reused");
            (await Refresh(anyone, line)).IsProblem(401, "invalid_refresh_token");
        }
    }

    [InEveryTopology]
    public async Task A_refresh_token_that_is_none_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        (await installation.Anyone.Post("/auth/refresh", "{}")).IsProblem(422, "validation_failed", "refreshToken");
        foreach (var token in new[] { "nonsense", "\\u0000", new string('A', 43), new string('A', 5_000) })
        {
            (await Refresh(installation.Anyone, token)).IsProblem(401, "invalid_refresh_token");
        }
    }

    [InEveryTopology]
    public async Task The_published_keys_hold_nothing_private(Topology topology)
    {
        var installation = await installations.On(topology);
        var key = Assert.Single(
            (await installation.Anyone.Get("/.well-known/jwks.json")).Is(200).Json.GetProperty("keys")
                .EnumerateArray());
        Assert.Equal("ES256", key.GetProperty("alg").GetString());
        Assert.False(key.TryGetProperty("d", out _));
    }

    private static Task<Answer> Refresh(Api api, string token) =>
        api.Post("/auth/refresh", $$"""{"refreshToken":"{{token}}"}""");
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Refreshing at two instances at once, and where one dies before it has answered.</summary>
[Collection(Alone.Name)]
public sealed class RefreshTests(Installations installations)
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    [Fact]
    [Trait("ASVS", "10.4.5")]
    public async Task Of_fifty_refreshes_at_two_instances_at_once_no_two_lines_go_on()
    {
        var installation = await installations.On(DatabaseProvider.Postgres);
        using var second = await installation.StartAnother();
        Api[] instances = [installation.Anyone, new Api(second.Client)];
        for (var repeat = 0; repeat < Repeats.Of(3); repeat++)
        {
            var login = await LogIn(installation);
            var answers = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(i => Refresh(instances[i % 2], login["refreshToken"])));
            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 401, $"{answer}"));
            var lines = answers.Where(answer => answer.Status == 200).Select(a => a["refreshToken"]).ToArray();
            Assert.NotEmpty(lines);
            Assert.Distinct(lines);

            // Each of the lines tries to go on, all at once: one does, and its siblings are spent with it.
            var next = await Task.WhenAll(lines.Select((line, i) => Refresh(instances[i % 2], line)));
            Assert.All(next, answer => Assert.True(answer.Status is 200 or 401, $"{answer}"));
            var line = next.First(answer => answer.Status == 200);
            line = (await Refresh(instances[0], line["refreshToken"])).Is(200);
            // Two generations back there is no leeway: somebody has a copy, and all is over.
            (await Refresh(instances[1], lines[^1])).IsProblem(401, "refresh_reused");
            (await Refresh(instances[0], line["refreshToken"])).IsProblem(401, "invalid_refresh_token");
        }
    }

    [OnEveryDatabase]
    public async Task Killed_before_it_answered_a_refresh_it_is_repeated_and_the_session_goes_on(
        DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider);
        for (var repeat = 0; repeat < Repeats.Of(3); repeat++)
        {
            var login = await LogIn(installation);
            var api = installation.Anyone with { Token = login["accessToken"] };
            using var unanswered = Send(installation.Process.Address, login["refreshToken"]);
            await Poll.Until(async () => await IsRotated(api), TimeSpan.FromSeconds(20), "the refresh to be written");
            var rotated = Stopwatch.GetTimestamp();
            installation.Process.Kill();
            await installation.Restart();

            var again = await Refresh(installation.Anyone, login["refreshToken"]);
            if (Stopwatch.GetElapsedTime(rotated) > Leeway)
            {
                continue; // A machine so slow tells nothing.
            }

            var next = (await Refresh(installation.Anyone, again.Is(200)["refreshToken"])).Is(200);
            (await Refresh(installation.Anyone, login["refreshToken"])).IsProblem(401, "refresh_reused");
            (await Refresh(installation.Anyone, next["refreshToken"])).IsProblem(401, "invalid_refresh_token");
        }
    }

    private static async Task<Answer> LogIn(Installation installation)
    {
        var email = $"refresh-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        return (await installation.Anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);
    }

    private static async Task<bool> IsRotated(Api api) =>
        (await api.Get("/auth/sessions")).Is(200).Json.GetProperty("items").EnumerateArray()
            .Any(session => session.GetProperty("current").GetBoolean() &&
                session.GetProperty("lastUsedAt").GetDateTimeOffset() >
                session.GetProperty("createdAt").GetDateTimeOffset());

    /// <summary>Sends a refresh and reads nothing of what comes back.</summary>
    private static Socket Send(Uri server, string token)
    {
        var body = $$"""{"refreshToken":"{{token}}"}""";
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, server.Port);
        socket.Send(Encoding.ASCII.GetBytes(
            $"POST /auth/refresh HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\n" +
            $"Content-Length: {body.Length}\r\n\r\n{body}"));
        return socket;
    }

    private static Task<Answer> Refresh(Api api, string token) =>
        api.Post("/auth/refresh", $$"""{"refreshToken":"{{token}}"}""");
}

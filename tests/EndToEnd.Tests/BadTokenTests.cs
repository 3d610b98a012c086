using System.Net;
using System.Net.Sockets;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Access tokens that are not ours, not any more, or not quite.</summary>
public sealed class BadTokenTests(Installations installations)
{
    private const int KindsMin = 60;

    // One address of each module, and one of all of them.
    private static readonly string[] Modules = ["/auth/me", "/bookings", "/webhooks", "/admin/audit"];

    [InEveryTopology]
    [Trait("ASVS", "6.8.2")]
    [Trait("ASVS", "9.1.1")]
    [Trait("ASVS", "9.1.2")]
    [Trait("ASVS", "9.1.3")]
    [Trait("ASVS", "9.2.1")]
    [Trait("ASVS", "9.2.2")]
    [Trait("ASVS", "9.2.3")]
    [Trait("ASVS", "9.2.4")]
    public async Task A_token_that_is_not_good_opens_nothing_and_learns_nothing(Topology topology)
    {
        var installation = await installations.On(topology);
        using var apart = await installation.StartAnother(
            null,
            ("GATEHOUSE_MODULES", "ticketing"),
            ("GATEHOUSE_TOKENS__IDENTITYURL", installation.Address.ToString()));
        using var forge = await TokenForge.Of(installation, (await installation.Buyer()).Token!);
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/keys";
        // The forge works: the same claims, signed again, are good here and there.
        var sound = forge.Sign(forge.Header, forge.Claims());
        (await (installation.Anyone with { Token = sound }).Get("/auth/me")).Is(200);
        (await new Api(apart.Client, sound).Get("/bookings")).Is(200);

        var (said, forgeries) = (new HashSet<string>(), Forgeries.Of(forge, url));
        foreach (var (what, token) in forgeries)
        {
            var shown = Modules.Select(path => (installation.Anyone with { Token = token }).Get(path))
                .Append(new Api(apart.Client, token).Get("/bookings"));
            said.UnionWith((await Task.WhenAll(shown)).Select(answer => Refused(what, answer)));
        }

        Assert.Single(said);
        Assert.Distinct(forgeries.Select(one => one.Token));
        Assert.True(forgeries.Count >= KindsMin, $"{forgeries.Count} kinds");
        Assert.False(elsewhere.Pending(), "A token led somebody to an address of its own.");
    }

    [Flow]
    public async Task Whose_session_has_ended_goes_on_neither_as_before_nor_as_a_guest(Topology topology)
    {
        var installation = await installations.On(topology);
        var of = await installation.Organizer.Publish(5);
        var buyer = await installation.Buyer();
        var booking = (await buyer.Book(of)).Is(201).Id;
        (await buyer.Post("/auth/logout", "")).Is(204);
        if (installation.Split is not null)
        {
            // Elsewhere than in identity it takes a moment, where no permission is asked for.
            await Poll.Until(
                async () => (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => buyer.Get($"/bookings/{booking}"))))
                    .All(answer => answer.Status == 401),
                TimeSpan.FromSeconds(30),
                "both instances of ticketing to know");
        }

        var answers = new[]
        {
            await buyer.Get($"/bookings/{booking}"),
            await buyer.Delete($"/bookings/{booking}"),
            await buyer.Post($"/bookings/{booking}/payments", "{}"),
            await buyer.Post($"/events/{of}/bookings", """{"email":"ann@example.org"}"""),
        };

        Assert.All(answers, answer =>
        {
            answer.IsProblem(401, "invalid_token");
            Assert.Contains("invalid_token", answer.Header("WWW-Authenticate")!, StringComparison.Ordinal);
        });
    }

    [Flow]
    public async Task Without_a_bearer_token_the_caller_is_asked_to_sign_in(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var authorization in new[] { "Basic dXNlcjpwYXNzd29yZA==", "Bearer", "", "bearer" })
        {
            var answer = await installation.Anyone.Get("/auth/me", ("Authorization", authorization));
            answer.IsProblem(401, "unauthenticated");
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
        }

        // A token in the address would end up in logs and histories: it is not read there.
        var genuine = (await installation.Buyer()).Token!;
        (await installation.Anyone.Get($"/auth/me?access_token={genuine}")).IsProblem(401, "unauthenticated");
        // Two of them: whose request is it?
        (await (installation.Anyone with { Token = genuine }).Get("/auth/me", ("Authorization", $"Bearer {genuine}")))
            .IsProblem(401, "invalid_token");
    }

    private static string Refused(string what, Answer answer)
    {
        Assert.True(answer.Status == 401, $"{what}: {answer}");
        answer.IsProblem(401, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Header("WWW-Authenticate"));
        return answer.WithoutIds();
    }
}

using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Modules that register themselves with gateways, on the file that is deployed.</summary>
public sealed class RegistryTests(Installations installations)
{
    private const string Modules = "GATEHOUSE_MODULES";
    private const string Key = "a-key-of-the-registry-for-this-test";
    private const string Registry = "/gateway/registry";
    private static readonly TimeSpan LeaseOver = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly string File = Path.Combine(Solution.Root, "deploy", "gateway.yaml");

    [Fact]
    public async Task Two_of_ticketing_serve_behind_two_gateways_and_who_is_killed_is_asked_no_more()
    {
        var installation = await installations.On(DatabaseProvider.Postgres);
        using var first = await Gateway(installation);
        using var other = await Gateway(installation);
        var urls = $"{first.Address},{other.Address}";
        using var one = await Ticketing(installation, urls);
        using var two = await Ticketing(installation, urls);
        var admin = installation.Admin with { Http = other.Client };
        await Poll.Until(async () => await Registered(admin) == 2, LeaseOver, "both to be registered");

        var eventId = await (installation.Organizer with { Http = other.Client }).Publish(5);
        var buyer = await installation.Buyer() with { Http = other.Client };
        (await buyer.Book(eventId, 2)).Is(201);
        (await new Api(other.Client).Get("/users")).IsProblem(503, "no_destination");

        one.Kill();
        await Poll.Until(
            async () =>
            {
                (await buyer.Get("/events")).Is(200);
                return await Registered(admin) == 1;
            },
            LeaseOver, "the killed one's lease to end");
        first.Kill();
        // Its next heartbeats go to the other gateway: past its lease it is there still.
        await Poll.Until(
            () => two.Lines.Any(line => line.Contains("Not registered", StringComparison.Ordinal)) &&
                two.Lines.Any(line => line.Contains("again after", StringComparison.Ordinal)),
            LeaseOver, "the other gateway to be found");
        (await buyer.Book(eventId, 1)).Is(201);

        var ended = two.Terminate(cancellation: TestContext.Current.CancellationToken);
        await Poll.Until(async () => await Registered(admin) == 0, Soon, "who stops to be gone at once");
        (await buyer.Get("/events")).IsProblem(503, "no_destination");
        Assert.Equal(0, await ended);
    }

    [Fact]
    public async Task A_gateway_that_is_away_stops_no_module_and_has_it_again_when_it_is_back()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        var port = LoopbackPort.Free();
        using var ticketing = await Ticketing(installation, $"http://127.0.0.1:{port}");
        (await new Api(ticketing.Client).Get("/events")).Is(200);

        using (var gateway = await Gateway(installation, port))
        {
            await Poll.Until(
                async () => (await new Api(gateway.Client).Get("/events")).Status == 200, Soon, "it to be registered");
            gateway.Kill();
        }

        // It keeps registrations in memory, and so has none now.
        using var back = await Gateway(installation, port);
        await Poll.Until(
            async () => (await new Api(back.Client).Get("/events")).Status == 200, Soon, "it to register again");
        Assert.InRange(
            ticketing.Lines.Count(line => line.Contains("Not registered", StringComparison.Ordinal)), 1, 2);
    }

    [Fact]
    public async Task The_registry_takes_only_what_it_is_asked_to_and_only_from_those_who_may()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        using var gateway = await Gateway(installation);
        var stranger = new Api(gateway.Client);
        var user = await installation.Buyer() with { Http = gateway.Client };
        var admin = installation.Admin with { Http = gateway.Client };
        const string good = """{"cluster":"journal","id":"a","address":"http://127.0.0.1:9","tags":["v2"]}""";

        (await stranger.Post(Registry, good)).IsProblem(401, "unauthenticated");
        (await stranger.Post(Registry, good, ("X-Registry-Key", Key[..^1]))).IsProblem(401, "unauthenticated");
        (await stranger.Post(Registry, good, ("X-Registry-Key", ""))).IsProblem(401, "unauthenticated");
        (await stranger.Get(Registry, ("X-Registry-Key", Key))).IsProblem(401, "unauthenticated");
        (await user.Post(Registry, good)).IsProblem(403, "forbidden");

        Assert.Equal("live", (await Keyed(good)).Is(201)["state"]);
        (await admin.Post(Registry, good)).Is(201);
        Assert.Equal(1, (await admin.Get($"{Registry}?cluster=journal&tag=v2")).Is(200).Number("total"));
        Assert.Equal(0, (await admin.Get($"{Registry}?tag=v1")).Is(200).Number("total"));
        (await admin.Get($"{Registry}?cursor=")).IsProblem(400, "invalid_query", "cursor");

        (await Keyed("""{"cluster":"events","id":"a","address":"http://127.0.0.1:9"}"""))
            .IsProblem(409, "wrong_state");
        (await Keyed($$"""{"cluster":"journal","id":"me","address":"{{gateway.Address}}"}"""))
            .IsProblem(409, "wrong_state");
        (await Keyed($$"""{"cluster":"journal","id":"me","address":"http://localhost:{{gateway.Address.Port}}"}"""))
            .IsProblem(409, "wrong_state");
        (await Keyed("""{"cluster":"journal","id":"a\u0000","address":"http://127.0.0.1:9","leaseSeconds":-1}"""))
            .IsProblem(422, "validation_failed", "id", "leaseSeconds");
        (await Keyed($$"""{"cluster":"journal","id":"a","tags":["{{new string('t', 20_000)}}"]}"""))
            .IsProblem(413, "body_too_large");
        (await Keyed("""{"cluster":"journal","id":"a","address":"http://127.0.0.1:9","steer":true}"""))
            .IsProblem(422, "validation_failed", "steer");
        (await stranger.Send(HttpMethod.Put, $"{Registry}/journal/b/heartbeat", null, ("X-Registry-Key", Key)))
            .IsProblem(404, "not_found");
        (await stranger.Send(HttpMethod.Put, $"{Registry}/journal/a/heartbeat", null)).IsProblem(401, "unauthenticated");
        (await stranger.Send(HttpMethod.Put, $"{Registry}/journal/a/heartbeat", null, ("X-Registry-Key", Key))).Is(200);
        (await admin.Delete($"{Registry}/journal/%00")).Is(400);
        (await admin.Delete($"{Registry}/journal/a%20b")).IsProblem(404, "not_found");
        (await admin.Delete($"{Registry}/journal/a")).Is(204);
        (await admin.Delete($"{Registry}/journal/a")).IsProblem(404, "not_found");
        var circles = string.Join(", ", Enumerable.Repeat("1.1 gatehouse", 5));
        (await stranger.Get("/entries", ("Via", circles))).IsProblem(508, "forwarding_loop");

        Task<Answer> Keyed(string json) => stranger.Post(Registry, json, ("X-Registry-Key", Key));
    }

    private static async Task<long> Registered(Api admin) =>
        (await admin.Get($"{Registry}?cluster=ticketing")).Is(200).Number("total");

    private static Task<GatehouseProcess> Gateway(Installation installation, int? port = null) =>
        installation.StartAnother(
            port,
            (Modules, "gateway"),
            ("GATEHOUSE_TOKENS__IDENTITYURL", installation.Process.Address.ToString()),
            ("GATEHOUSE_GATEWAY__FILE", File),
            ("GATEHOUSE_GATEWAY__REGISTRYKEY", $"{new string('x', 32)},{Key}"));

    private static Task<GatehouseProcess> Ticketing(Installation installation, string gateways)
    {
        var port = LoopbackPort.Free();
        return installation.StartAnother(
            port,
            (Modules, "ticketing"),
            ("GATEHOUSE_TOKENS__IDENTITYURL", installation.Process.Address.ToString()),
            ("GATEHOUSE_REGISTRY__URL", gateways),
            ("GATEHOUSE_REGISTRY__KEY", Key),
            ("GATEHOUSE_REGISTRY__LEASESECONDS", "5"),
            ("GATEHOUSE_REGISTRY__ADDRESS", $"http://127.0.0.1:{port}"));
    }
}

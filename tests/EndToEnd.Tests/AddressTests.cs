using System.Text.RegularExpressions;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Addresses, methods and headers.</summary>
public sealed partial class AddressTests(Installations installations)
{
    [Flow(Postgres = false)]
    public async Task An_unknown_address_is_not_found(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        foreach (var path in new[] { "/", "/nothing", "/events/a/b/c", "/.env", "/admin", "/auth", "/auth/registers",
            "/EVENTS/x/y" })
        {
            (await anyone.Get(path)).IsProblem(404, "not_found");
        }
    }

    [Flow(Postgres = false)]
    public async Task A_wrong_method_is_told_which_are_right(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        foreach (var (method, path, allowed) in new[]
        {
            ("GET", "/auth/login", "POST"), ("DELETE", "/events", "GET, POST"), ("PUT", "/bookings", "GET"),
            ("TRACE", "/health", "GET"),
            ("PURGE", "/auth/me", "GET, PATCH"),
        })
        {
            var answer = (await anyone.Send(new HttpMethod(method), path, null)).IsProblem(405, "method_not_allowed");
            Assert.Equal(allowed, string.Join(", ", answer.Header("Allow")!.Split(", ").Order()));
        }
    }

    [Flow(Postgres = false)]
    public async Task A_request_id_is_passed_on_when_it_is_well_formed_and_replaced_when_not(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        foreach (var path in new[] { "/health/live", "/nothing" })
        {
            foreach (var good in new[] { "a", "trace-1.2_3", new string('f', 64) })
            {
                Assert.Equal(good, (await anyone.Get(path, ("X-Request-Id", good))).Header("X-Request-Id"));
            }

            foreach (var bad in new[] { "", "with space", "a\"b", "<script>", new string('f', 65), "a,b", "{}" })
            {
                Assert.Matches(Made(), (await anyone.Get(path, ("X-Request-Id", bad))).Header("X-Request-Id"));
            }

            Assert.Matches(Made(), (await anyone.Get(path)).Header("X-Request-Id"));
        }
    }

    [Flow(Postgres = false)]
    public async Task A_trace_of_the_caller_goes_on(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = await anyone.Get("/nothing", ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        Assert.Equal(trace, answer.IsProblem(404, "not_found")["traceId"]);
    }

    [Flow(Postgres = false)]
    public async Task Every_answer_forbids_sniffing_and_framing(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        foreach (var path in new[] { "/events", "/nothing", "/auth/me" })
        {
            var answer = await anyone.Get(path);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"),
                StringComparison.Ordinal);
            Assert.Null(answer.Header("Server"));
        }
    }

    [Flow(Postgres = false)]
    public async Task The_API_is_described(Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        var paths = (await anyone.Get("/openapi/v1.json")).Is(200).Json.GetProperty("paths");
        foreach (var path in new[] { "/auth/register", "/auth/me", "/events", "/events/{id}/bookings",
            "/bookings/{id}" })
        {
            Assert.True(paths.TryGetProperty(path, out _), $"{path} is not described.");
        }

        Assert.Contains("<html", (await anyone.Get("/docs/index.html")).Is(200).Text,
            StringComparison.OrdinalIgnoreCase);
    }

    [Flow(Postgres = false)]
    public async Task The_description_is_the_same_whatever_name_it_is_asked_by_and_not_sent_to_who_has_it(
        Topology topology)
    {
        var anyone = (await installations.On(topology)).Anyone;
        var first = (await anyone.Get("/openapi/v1.json")).Is(200);
        var tag = first.Header("ETag");
        Assert.NotNull(tag);
        Assert.Equal("/", first.Json.GetProperty("servers")[0].GetProperty("url").GetString());

        var other = (await anyone.Get("/openapi/v1.json", ("Host", "elsewhere.example"))).Is(200);
        Assert.Equal((first.Text, tag), (other.Text, other.Header("ETag")));
        Assert.Empty((await anyone.Get("/openapi/v1.json", ("If-None-Match", tag))).Is(304).Text);
        (await anyone.Get("/openapi/v2.json")).IsProblem(404, "not_found");
    }

    [GeneratedRegex("^[0-9a-f]{16}$", RegexOptions.None, 1000)]
    private static partial Regex Made();
}

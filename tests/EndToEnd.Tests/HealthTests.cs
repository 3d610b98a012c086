namespace Gatehouse.EndToEnd.Tests;

/// <summary>What an operator's probes see while all is well; the outage has tests of its own.</summary>
public sealed class HealthTests(Installations installations)
{
    [InEveryTopology]
    public async Task Health_names_each_component_with_its_status_and_latency(Topology topology)
    {
        var installation = await installations.On(topology);
        string[] modules = ["identity", "notifications", "ticketing"];
        foreach (var path in new[] { "/health", "/health/ready" })
        {
            var all = await Task.WhenAll(modules.Select(module =>
                installation.Anyone.Get($"{installation.Of(module)}{path}")));
            Assert.All(all, one => one.Is(200));
            var health = all[0];
            Assert.Equal("up", health["status"]);
            Assert.Equal("no-store", health.Header("Cache-Control"));
            var components = all.SelectMany(one => one.Json.GetProperty("components").EnumerateObject()).ToArray();
            Assert.Superset(
                modules.Select(module => $"database.{module}").ToHashSet(),
                components.Select(c => c.Name).ToHashSet());
            Assert.All(components, component =>
            {
                Assert.Equal("up", component.Value.GetProperty("status").GetString());
                Assert.InRange(component.Value.GetProperty("latencyMs").GetDouble(), 0, 2_000);
            });
        }
    }

    [Flow]
    public async Task Live_asks_no_component(Topology topology)
    {
        var live = await (await installations.On(topology)).Anyone.Get("/health/live");

        Assert.Equal("""{"status":"up"}""", live.Is(200).Text);
    }
}

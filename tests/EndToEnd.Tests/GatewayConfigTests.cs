using System.Text;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The gateway's file, read and changed by an administrator while it serves.</summary>
public sealed class GatewayConfigTests : IAsyncLifetime
{
    private const string Document =
        """
        # Who keeps this file: the people of the night.
        routes:
          orders:
            match: { path: "/shop/orders/{id}", methods: [GET] }
            cluster: shop
            deadline: 5s
            transform: { request: { set: { Authorization: "Bearer ${file:token}" } } }
          all:
            match: { path: "/{**all}", hosts: [shop.example] }
            cluster: shop
        clusters:
          shop:
            destinations:
              a: { address: "http://127.0.0.1:9", weight: 3 }
              b: { address: "http://127.0.0.1:10" }

        """;

    private readonly string folder = ScratchFolder.Create();
    private Installation installation = null!;

    private string File => Path.Combine(folder, "gateway.yaml");

    private Api Admin => installation.Admin;

    public async ValueTask InitializeAsync()
    {
        await System.IO.File.WriteAllTextAsync(File, Document);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "token"), "quite-secret");
        installation = await Installation.Start(DatabaseProvider.Sqlite, ("GATEHOUSE_GATEWAY__FILE", File));
    }

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task An_administrator_reads_and_changes_the_file_and_it_is_in_force_when_answered()
    {
        var read = (await Admin.Get("/gateway/config")).Is(200);
        var tag = read["eTag"];
        Assert.DoesNotContain("quite-secret", read.Text, StringComparison.Ordinal);
        Assert.Contains("${file:token}", read.Text, StringComparison.Ordinal);

        const string patch = """{"routes":{"orders":{"deadline":"7s"},"all":null}}""";
        (await Admin.Patch("/gateway/config", patch)).IsProblem(428, "precondition_required");
        (await Admin.Patch("/gateway/config", patch, ("If-Match", "\"0\""))).IsProblem(412, "precondition_failed");
        var dry = (await Admin.Patch("/gateway/config?dryRun=1", patch, ("If-Match", tag))).Is(200);
        Assert.Equal(2, dry.Number("count"));
        Assert.Equal(Document, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));

        var changed = (await Admin.Patch("/gateway/config", patch, ("If-Match", tag))).Is(200);

        Assert.Equal(2, changed.Number("revision"));
        var routes = (await Admin.Get("/gateway/routes")).Is(200).Json.GetProperty("items");
        Assert.Equal(1, routes.GetArrayLength());
        Assert.Equal(7_000, routes[0].GetProperty("policies").GetProperty("deadlineMs").GetInt32());
        (await Admin.Patch("/gateway/config", patch, ("If-Match", tag))).IsProblem(412, "precondition_failed");
        Assert.Equal(changed["eTag"], (await Admin.Get("/gateway/config")).Is(200)["eTag"]);
        // The file is the one source: what was changed is in it, placeholders as they were.
        var text = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        Assert.Contains("deadline: \"7s\"", text, StringComparison.Ordinal);
        Assert.Contains("${file:token}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_with_faults_is_refused_with_all_of_them_and_one_by_hand_is_told_by_health()
    {
        var tag = (await Admin.Get("/gateway/config")).Is(200)["eTag"];
        using var broken = new StringContent(
            "routes:\n  a: { match: { path: x }, cluster: nowhere }\nclusters: {}\n",
            Encoding.UTF8, "application/yaml");

        var refused = (await Admin.Send(HttpMethod.Put, "/gateway/config", broken, ("If-Match", tag)))
            .IsProblem(422, "validation_failed", "routes.a.cluster", "routes.a.match.path");

        Assert.Contains("[bad-path]", refused.Text, StringComparison.Ordinal);
        Assert.Contains("[unknown-cluster]", refused.Text, StringComparison.Ordinal);

        await System.IO.File.WriteAllTextAsync(File, "routes: {", TestContext.Current.CancellationToken);
        await Poll.Until(
            async () => (await installation.Anyone.Get("/health")).Json.GetProperty("components")
                .GetProperty("gateway.config").GetProperty("status").GetString() == "down",
            TimeSpan.FromSeconds(10), "health to tell", TestContext.Current.CancellationToken);

        Assert.Equal(200, (await installation.Anyone.Get("/health/ready")).Status);
        Assert.Equal(2, (await Admin.Get("/gateway/routes")).Is(200).Json.GetProperty("items").GetArrayLength());
        Assert.Contains("\"syntax\"", (await Admin.Get("/gateway/config")).Is(200).Text, StringComparison.Ordinal);
        (await Admin.Patch("/gateway/config", "{}", ("If-Match", tag))).IsProblem(412, "precondition_failed");
        using var good = new StringContent(Document, Encoding.UTF8, "application/yaml");
        (await Admin.Send(HttpMethod.Put, "/gateway/config", good, ("If-Match", "*"))).Is(200);
        Assert.Equal(Document, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_would_become_of_a_request_is_explained()
    {
        var taken = (await Admin.Post(
            "/gateway/explain", """{"method":"GET","path":"/shop/orders/7?x=1","host":"api.example"}""")).Is(200).Json;
        var refused = (await Admin.Post(
            "/gateway/explain", """{"method":"POST","path":"/shop/orders/7"}""")).Is(200).Json;

        Assert.Equal("orders", taken.GetProperty("route").GetProperty("id").GetString());
        Assert.Equal("7", taken.GetProperty("parameters").GetProperty("id").GetString());
        Assert.Equal(0.75, taken.GetProperty("destinations")[0].GetProperty("share").GetDouble());
        Assert.Equal("host: it takes shop.example", taken.GetProperty("others")[0].GetProperty("reason").GetString());
        Assert.Equal("405: routes take GET, HEAD", refused.GetProperty("answer").GetString());
        (await Admin.Post("/gateway/explain", """{"path":"x"}""")).IsProblem(422, "validation_failed", "path");
        (await installation.Organizer.Post("/gateway/explain", """{"path":"/"}""")).IsProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_route_for_every_path_hides_neither_health_nor_the_way_back()
    {
        var tag = (await Admin.Get("/gateway/config")).Is(200)["eTag"];

        // From here on the administrator's own calls meet a route that takes every path.
        await Admin.Patch("/gateway/config", """{"routes":{"all":{"match":{"hosts":null}}}}""", ("If-Match", tag));

        Assert.NotEqual(200, (await Admin.Get("/events")).Status);
        Assert.Equal(200, (await installation.Anyone.Get("/health/ready")).Status);
        (await Admin.Patch("/gateway/config", """{"routes":{"all":null}}""", ("If-Match", "*"))).Is(200);
        (await Admin.Get("/events")).Is(200);
    }
}

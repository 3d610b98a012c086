using System.Text;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Gateway.Domain;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Configuration;

public sealed class GoodFileTests
{
    private static readonly string Folder = Path.Combine(Solution.Root, "tests/Gateway.Tests/Good");

    [Theory]
    [InlineData("smallest.yaml", 1)]
    [InlineData("tabs.json", 1)]
    [InlineData("everything.yaml", 2)]
    [InlineData("registry.yaml", 2)]
    public void A_good_file_has_no_faults(string name, int routes)
    {
        var file = GatewayFile.ReadFrom(Path.Combine(Folder, name), _ => "value");

        Assert.Empty(file.Faults);
        Assert.Equal(routes, file.RouteCount);
    }

    [Fact]
    public void What_is_written_is_what_is_in_force()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "everything.yaml"));
        var file = Read(text, name => name == "ORDERS_TOKEN" ? "abc" : null);

        Assert.Empty(file.Faults);
        var route = file.Snapshot!.Routes.Routes[0];
        Assert.Equal("orders", route.Id);
        Assert.Equal(10, route.Priority);
        Assert.Equal(TimeSpan.FromSeconds(3), route.PerTry);
        Assert.Equal(TimeSpan.FromSeconds(30), route.AnswerIdle);
        Assert.Equal(1024 * 1024, route.BodyBytesMax);
        Assert.Equal(["GET", "PUT"], route.Retry!.Methods);
        Assert.Equal(TimeSpan.FromMilliseconds(20), route.Retry.Backoff);
        Assert.Contains(new HeaderChange(HeaderAction.Set, "Authorization", "Bearer abc"), route.Transforms.Request);
        Assert.Equal([new ValueCondition("X-Beta", "1"), new ValueCondition("X-Any", null)], route.Match.Headers);
        Assert.Same(file.Snapshot.Clusters["orders"], route.Cluster);
        Assert.Equal(3, route.Cluster.Destinations[0].Weight);
        Assert.Equal("id", route.Cluster.Balancing.HashParameter);
        Assert.Equal(["admin", "organizer"], route.Auth!.Roles);
        Assert.Equal(("orders:read", "realm_access.roles", TimeSpan.FromSeconds(30)),
            (route.Auth.Scopes[0], route.Auth.Issuer!.RolesClaim, route.Auth.Issuer.Leeway));
        Assert.Equal(new RateLimit(600, TimeSpan.FromMinutes(1)), route.Limits.PerUser);
        Assert.Equal(500, route.Limits.Concurrent);
        Assert.Equal(["ETag"], route.Cors!.Exposed);
        Assert.Equal(new Retry().Statuses, file.Snapshot.Routes.Routes[0].Retry!.Statuses);
    }

    [Fact]
    public void A_fault_shows_what_is_written_and_not_the_secret_it_stands_for()
    {
        var file = Read(
            "routes: { a: { match: { path: / }, cluster: c } }\n" +
            "clusters: { c: { destinations: { d: { address: \"${env:SECRET}\" } } } }\n",
            _ => "s3cr3t-token");

        var fault = Assert.Single(file.Faults);
        Assert.Contains("${env:SECRET}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", $"{fault}", StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_of_Gatehouse_are_asked_for_only_where_they_can_be_checked()
    {
        var bytes = Encoding.UTF8.GetBytes(
            "routes: { a: { match: { path: / }, cluster: c, auth: {} } }\n" +
            "clusters: { c: { destinations: { d: { address: http://localhost:8081 } } } }\n");

        Assert.Empty(GatewayFile.Read(bytes, Folder, null, canCheckOwn: true).Faults);
        var fault = Assert.Single(GatewayFile.Read(bytes, Folder, null, canCheckOwn: false).Faults);
        Assert.Equal(("identity-unknown", 1, 54), (fault.Rule, fault.Line, fault.Column));
    }

    [Fact]
    public void A_token_that_is_not_to_be_kept_goes_before_the_route_sets_its_own()
    {
        var file = Read(
            "routes: { a: { match: { path: / }, cluster: c, auth: { keepToken: false },\n" +
            "  transform: { request: { set: { Authorization: \"Basic ${env:X}\" } } } } }\n" +
            "clusters: { c: { destinations: { d: { address: http://localhost:8081 } } } }\n", _ => "eDp5");

        Assert.Equal(
            [HeaderAction.Remove, HeaderAction.Set],
            file.Snapshot!.Routes.Routes[0].Transforms.Request.Select(change => change.Action));
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_windows_are_read_over()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "smallest.yaml")).ReplaceLineEndings("\r\n");

        var file = GatewayFile.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], Folder, null);

        Assert.Empty(file.Faults);
        Assert.NotNull(file.Snapshot);
    }

    [Fact]
    public void A_file_that_is_not_there_too_long_or_empty_says_so()
    {
        Assert.Equal("file-unreadable", Assert.Single(GatewayFile.ReadFrom("/no/such/file", null).Faults).Rule);
        Assert.Equal("file-unreadable", Assert.Single(GatewayFile.ReadFrom(Folder, null).Faults).Rule);
        Assert.Equal("file-empty", Assert.Single(Read(" \n\n").Faults).Rule);
        Assert.Equal("file-too-large", Assert.Single(Read(new string('#', SourceText.BytesMax + 1)).Faults).Rule);
        var many = string.Concat(Enumerable.Repeat("- a\n", 400_001));
        Assert.Equal("too-many-nodes", Assert.Single(Read(many).Faults).Rule);
    }

    [Fact]
    public void Ten_thousand_faults_are_told_of_in_part()
    {
        var text = "routes: {}\nclusters: {}\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"k{i}: 1\n"));

        Assert.Equal(FileFaults.CountMax, Read(text).Faults.Count);
    }

    [Fact]
    public void Five_thousand_routes_are_read_within_seconds()
    {
        var file = Read("routes:\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i =>
                $$"""  r{{i}}: { match: { path: "/api/r{{i}}/{**rest}" }, cluster: c{{i % 100}} }""" + "\n")) +
            "clusters:\n" + string.Concat(Enumerable.Range(0, 100).Select(i =>
                $$"""  c{{i}}: { destinations: { a: { address: "http://127.0.0.1:{{8000 + i}}" } } }""" + "\n")));

        Assert.Empty(file.Faults);
        Assert.Equal(5_000, file.Snapshot!.Routes.Routes.Count);
    }

    private static GatewayFile Read(string text, Func<string, string?>? variables = null) =>
        GatewayFile.Read(Encoding.UTF8.GetBytes(text), Folder, variables);
}

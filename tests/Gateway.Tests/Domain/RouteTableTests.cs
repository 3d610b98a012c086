using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Domain;

public sealed class RouteTableTests
{
    private static readonly Cluster Anywhere = new()
    {
        Id = "anywhere",
        Destinations = [new Destination("a", new Uri("http://127.0.0.1:1"))],
    };

    [Theory]
    [InlineData("/orders", "orders")]
    [InlineData("/orders/", "order-rest")]
    [InlineData("/orders/7", "order")]
    [InlineData("/orders/new", "order-new")]
    [InlineData("/orders/7/items", "order-rest")]
    [InlineData("/Orders", "")]
    [InlineData("/other", "")]
    [InlineData("*", "")]
    public void The_nearest_path_wins(string path, string expected)
    {
        var table = RouteTable.Of([
            Route("order-rest", "/orders/{**rest}"),
            Route("order", "/orders/{id}"),
            Route("order-new", "/orders/new"),
            Route("orders", "/orders"),
        ]);

        Assert.Equal(expected, Found(table, new FakeRequest(path)));
    }

    [Fact]
    public void A_literal_that_leads_nowhere_does_not_hide_a_parameter()
    {
        var table = RouteTable.Of([Route("literal", "/a/b/c"), Route("parameter", "/{x}/b/d")]);

        Assert.Equal("parameter", Found(table, new FakeRequest("/a/b/d")));
        Assert.Equal("literal", Found(table, new FakeRequest("/a/b/c")));
    }

    [Fact]
    public void A_higher_priority_wins_over_a_nearer_path_and_host()
    {
        var table = RouteTable.Of([
            Route("near", "/orders/new", hosts: "api.example.org"),
            Route("first", "/{**all}") with { Priority = 1 },
        ]);

        Assert.Equal("first", Found(table, new FakeRequest("/orders/new", host: "api.example.org")));
    }

    [Theory]
    [InlineData("api.example.org", "exact")]
    [InlineData("API.Example.ORG", "exact")]
    [InlineData("x.eu.example.org", "near")]
    [InlineData("x.y.eu.example.org", "near")]
    [InlineData("eu.example.org", "far")]
    [InlineData("example.org", "any")]
    [InlineData("notexample.org", "any")]
    [InlineData("", "any")]
    public void The_nearest_host_wins(string host, string expected)
    {
        var table = RouteTable.Of([
            Route("any", "/{**all}"),
            Route("far", "/{**all}", hosts: "*.example.org"),
            Route("near", "/{**all}", hosts: "*.eu.example.org"),
            Route("exact", "/{**all}", hosts: "api.example.org"),
        ]);

        Assert.Equal(expected, Found(table, new FakeRequest("/x", host: host)));
    }

    [Fact]
    public void A_host_without_the_path_falls_back_to_any_host()
    {
        var table = RouteTable.Of([Route("any", "/a"), Route("exact", "/b", hosts: "api.example.org")]);

        Assert.Equal("any", Found(table, new FakeRequest("/a", host: "api.example.org")));
    }

    [Fact]
    public void More_conditions_are_asked_first()
    {
        var table = RouteTable.Of([
            Route("plain", "/a"),
            Route("beta", "/a") with
            {
                Match = Match("/a") with { Headers = [new("X-Beta", "1")], Query = [new("debug", null)] },
            },
        ]);

        Assert.Equal("beta", Found(table, new FakeRequest("/a?debug", headers: "x-beta=1")));
        Assert.Equal("plain", Found(table, new FakeRequest("/a?debug", headers: "x-beta=2")));
        Assert.Equal("plain", Found(table, new FakeRequest("/a?Debug", headers: "x-beta=1")));
    }

    [Fact]
    public void What_another_method_would_get_is_told()
    {
        var table = RouteTable.Of([
            Route("read", "/a/{id}", methods: ["GET"]),
            Route("write", "/a/b", methods: ["PUT", "DELETE"]),
        ]);
        var request = new FakeRequest("/a/b", "POST");
        var unknown = new FakeRequest("/b", "POST");

        Assert.Equal("", Found(table, request));
        Assert.Equal(["DELETE", "GET", "HEAD", "PUT"], table.Allowed(in request));
        Assert.Empty(table.Allowed(in unknown));
        Assert.Equal("read", Found(table, new FakeRequest("/a/b", "HEAD")));
    }

    [Fact]
    public void Parameters_are_where_they_were_in_the_path()
    {
        var table = RouteTable.Of([Route("item", "/orders/{id}/items/{item}/{**rest}")]);
        const string path = "/orders/a%2Fb/items/ü/x/y";
        var request = new FakeRequest(path);

        var match = table.Match(in request);

        Assert.Equal("a%2Fb", match.Value(path, "id"));
        Assert.Equal("ü", match.Value(path, "item"));
        Assert.Equal("x/y", match.Value(path, "rest"));
        Assert.Equal("", match.Value(path, "other"));
    }

    private static string Found(RouteTable table, FakeRequest request) => table.Match(in request).Route?.Id ?? "";

    private static Route Route(string id, string path, string? hosts = null, string[]? methods = null) => new()
    {
        Id = id,
        Match = Match(path) with
        {
            Hosts = hosts is null ? [] : [HostPattern.Parse(hosts, out _)!],
            Methods = methods ?? [],
        },
        Cluster = Anywhere,
    };

    private static RouteConditions Match(string path) => new() { Path = PathPattern.Parse(path, out _)! };
}

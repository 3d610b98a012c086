using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Domain;

public sealed class RouteTableSizeTests
{
    private const int Routes = 5_000;

    private static readonly RouteTable Table = Made(Routes);

    [Fact]
    public void A_match_among_five_thousand_routes_allocates_nothing()
    {
        var request = new PlainRequest("/api/r4321/7/items/x", "h21.example.org");
        Assert.Equal("r4321", Table.Match(in request).Route!.Id);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _ = Table.Match(in request);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_table_finds_what_asking_every_route_in_order_would_find()
    {
        var random = new Random(5);
        string[] segments = ["a", "b", "c", "", "x%2Fy"];
        string[] patterns = ["a", "b", "{p}", "{**r}", "c"];
        string[] hosts = ["", "one.example.org", "two.example.org", "example.org", "other.net"];
        string[] hostPatterns = ["one.example.org", "*.example.org", "*.org"];
        for (var round = 0; round < 300; round++)
        {
            var routes = Enumerable.Range(0, 30).Select(i => Drawn(random, i, patterns, hostPatterns))
                .OfType<Route>().ToList();
            var table = RouteTable.Of(routes);
            for (var asked = 0; asked < 30; asked++)
            {
                var path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4))
                    .Select(_ => segments[random.Next(segments.Length)]));
                var request = new PlainRequest(path, hosts[random.Next(hosts.Length)]);

                var all = routes.Where(route => RouteReasons.WhyNot(route, in request) is null)
                    .SelectMany(route => route.Match.Hosts.Where(host => host.Matches(request.Host)).DefaultIfEmpty()
                        .Select(host => new RoutePlace(route, host)))
                    .Order(RouteOrder.Instance);

                Assert.Equal(all.FirstOrDefault()?.Route.Id, table.Match(in request).Route?.Id);
            }
        }
    }

    private static Route? Drawn(Random random, int id, string[] patterns, string[] hosts)
    {
        var path = "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select((_, place) =>
            patterns[random.Next(patterns.Length)].Replace("p", $"p{place}", StringComparison.Ordinal)));
        return PathPattern.Parse(path, out _) is { } pattern
            ? Route($"r{id}", pattern, random.Next(2) == 0 ? null : hosts[random.Next(hosts.Length)]) with
            {
                Priority = random.Next(3),
            }
            : null;
    }

    private static RouteTable Made(int count) => RouteTable.Of(Enumerable.Range(0, count).Select(i =>
        Route($"r{i}", PathPattern.Parse($"/api/r{i}/{{id}}/{{**rest}}", out _)!, $"h{i % 100}.example.org")));

    private static Route Route(string id, PathPattern path, string? host) => new()
    {
        Id = id,
        Match = new RouteConditions { Path = path, Hosts = host is null ? [] : [HostPattern.Parse(host, out _)!] },
        Cluster = new Cluster { Id = "c", Destinations = [new Destination("a", new Uri("http://127.0.0.1:1"))] },
    };

    private readonly struct PlainRequest(string path, string host) : IRequestFacts
    {
        public ReadOnlySpan<char> Host => host;

        public ReadOnlySpan<char> Path => path;

        public string Method => "GET";

        public bool HasHeader(string name, string? value) => false;

        public bool HasQuery(string name, string? value) => false;
    }
}

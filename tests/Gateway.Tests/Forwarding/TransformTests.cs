using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Forwarding;

public sealed class TransformTests
{
    private static readonly QueryChange SetA = new(HeaderAction.Set, "a", "x y&z");

    /// <summary>What is asked for, what is changed, what is asked of the upstream.</summary>
    public static TheoryData<string, string, string> Queries => new()
    {
        { "/o/1", "", "/o/1" },
        { "/o/1?", "", "/o/1?" },
        { "/o/1?b=%2f&&c", "", "/o/1?b=%2f&&c" },
        { "/o/1", "set", "/o/1?a=x%20y%26z" },
        { "/o/1?a=1", "set", "/o/1?a=x%20y%26z" },
        { "/o/1?b=2&a=1&c=%41", "set", "/o/1?b=2&a=x%20y%26z&c=%41" },
        { "/o/1?a=1&b&a=2&a", "set", "/o/1?a=x%20y%26z&b" },
        { "/o/1?%61=1", "set", "/o/1?a=x%20y%26z" },
        { "/o/1?A=1", "set", "/o/1?A=1&a=x%20y%26z" },
        { "/o/1?b=%2F%2f+%20&&=&c==d", "set", "/o/1?b=%2F%2f+%20&&=&c==d&a=x%20y%26z" },
        { "/o/1?a=1", "append", "/o/1?a=1&a=1" },
        { "/o/a%2Fb", "append", "/o/a%2Fb?a=a%2Fb" },
        { "/o/a%26b%3D%2B%20%C3%A4", "append", "/o/a%26b%3D%2B%20%C3%A4?a=a%26b%3D%2B%20%C3%A4" },
        { "/o/a%2541", "append", "/o/a%2541?a=a%2541" },
        { "/o/1?a=1", "remove", "/o/1" },
        { "/o/1?a", "remove", "/o/1" },
        { "/o/1?a=1&b=2&a=3", "remove", "/o/1?b=2" },
        { "/o/1?b=a&ab=1", "remove", "/o/1?b=a&ab=1" },
        { "/o/1?b=a&&a=1&", "remove", "/o/1?b=a&&" },
        { "/o/1", "remove", "/o/1" },
        { "/o/1?a=1&c=3", "rewrite", "/new/1?c=3&b=1" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task The_query_is_changed_where_it_is_asked_for_alone(string asked, string change, string sent)
    {
        var transforms = new Transforms
        {
            Path = change == "rewrite" ? "/new/{id}" : null,
            Query = change switch
            {
                "set" => [SetA],
                "append" => [new(HeaderAction.Append, "a", "{id}")],
                "remove" => [new(HeaderAction.Remove, "a", null)],
                "rewrite" => [new(HeaderAction.Remove, "a", null), new(HeaderAction.Append, "b", "{id}")],
                _ => [],
            },
        };

        Assert.Equal($"GET {sent} HTTP/1.1", await LineOf($"GET {asked}", transforms));
    }

    [Theory]
    [InlineData("GET", "POST", "POST")]
    [InlineData("POST", "PUT", "PUT")]
    [InlineData("HEAD", "GET", "GET")]
    [InlineData("DELETE", null, "DELETE")]
    public async Task The_destination_sees_the_method_that_the_route_says(string method, string? said, string sent)
    {
        Assert.Equal(
            $"{sent} /o/1 HTTP/1.1", await LineOf($"{method} /o/1", new Transforms { Method = said }));
    }

    [Fact]
    public async Task What_is_sent_decides_whether_it_is_sent_again()
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            connection.Reset();
        });
        await using var gateway = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
        {
            Transforms = new Transforms { Method = "POST" },
            Retry = new Retry { Attempts = 3 },
        });

        await RawClient.Exchange(gateway.Port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("", "nosniff", "SAMEORIGIN")]
    [InlineData("X-Frame-Options: DENY\r\nx-content-type-options: own\r\n", "own", "DENY")]
    public async Task What_protects_pages_is_set_where_the_upstream_has_not(string own, string types, string frames)
    {
        using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\n{own}Content-Length: 0\r\n\r\n");
        await using var gateway = await GatewayRig.Start(
            GatewayRig.RouteTo(upstream.Address) with { SecurityHeaders = true });
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback =
                    (_, certificate, _, _) => certificate?.GetCertHashString() == ServerPorts.CertificateHash,
            },
        };
        using var client = new HttpClient(handler);
        foreach (var address in new[] { gateway.Http1, gateway.Tls })
        {
            var answer = await client.GetAsync(address);

            Assert.Equal(types, answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal(frames, answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("strict-origin-when-cross-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal(address.Scheme == "https", answer.Headers.Contains("Strict-Transport-Security"));
        }
    }

    private static async Task<string> LineOf(string asked, Transforms transforms)
    {
        using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var all = GatewayRig.RouteTo(upstream.Address);
        await using var gateway = await GatewayRig.Start(all with
        {
            Match = all.Match with { Path = PathPattern.Parse("/o/{id}", out _)! },
            Transforms = transforms,
        });
        await RawClient.Exchange(
            gateway.Port, $"{asked} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return upstream.Requests.Single().Line;
    }
}

using Gatehouse.Gateway.Caching;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Gateway.Tests.Telemetry;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Caching;

/// <summary>What many do at once, what breaks, and what is forgotten.</summary>
public sealed class CacheFlowTests
{
    private const string Age60 = "200|Cache-Control: max-age=60";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Five_hundred_at_once_are_one_request_to_the_origin()
    {
        using var underWay = new UnderWay("one-for-all");
        await using var rig = await CacheRig.Start(
            new ResponseCache(), route => route with { Id = "one-for-all" }, Age60);
        rig.Origin.Door = new TaskCompletionSource();

        var all = Enumerable.Range(0, 500).Select(_ => rig.Get("/a")).ToList();
        await Poll.Until(() => rig.Origin.Count == 1 && underWay.Count == 500, Patience, "one to ask and all to wait");
        rig.Origin.Door.SetResult();

        foreach (var answer in await Task.WhenAll(all))
        {
            Assert.Equal("body 1", await answer.Body());
        }

        Assert.Equal(1, rig.Origin.Count);
    }

    [Fact]
    public async Task What_is_not_to_be_kept_is_asked_for_by_all_at_once()
    {
        using var underWay = new UnderWay("each-for-itself");
        await using var rig = await CacheRig.Start(
            new ResponseCache(), route => route with { Id = "each-for-itself" }, "200|Cache-Control: no-store");
        rig.Origin.Door = new TaskCompletionSource();
        var first = rig.Get("/a");
        await Poll.Until(() => rig.Origin.Count == 1, Patience, "the first to ask");
        var others = Enumerable.Range(0, 20).Select(_ => rig.Get("/a")).ToList();
        await Poll.Until(() => underWay.Count == 21, Patience, "the others to wait");
        var door = rig.Origin.Door;
        rig.Origin.Door = new TaskCompletionSource();
        door.SetResult();
        await first;

        // None of them is answered, and all have asked.
        await Poll.Until(() => rig.Origin.Count == 21, Patience, "the others to ask beside each other");
        var last = rig.Get("/a");
        await Poll.Until(() => rig.Origin.Count == 22, Patience, "one more to ask without waiting");
        rig.Origin.Door.SetResult();
        Assert.All(await Task.WhenAll([.. others, last]), answer => Assert.Equal(200, (int)answer.StatusCode));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\nhalf")]
    public async Task Half_an_answer_is_not_kept(string answer)
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write(answer);
        });
        await using var gateway = await GatewayRig.Start(
            GatewayRig.RouteTo(upstream.Address) with { Cache = new ResponseCache() });
        for (var i = 0; i < 2; i++)
        {
            await RawClient.Exchange(
                gateway.Port, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        }

        Assert.Equal(2, upstream.Requests.Count);
        var cache = gateway.Service<AnswerCache>();
        await Poll.Until(() => cache.UnderWay.Held == 0, Patience, "the memory to be given back");
    }

    [Fact]
    public async Task A_chunked_answer_is_kept_and_one_too_long_passes()
    {
        var body = string.Concat(Enumerable.Repeat("2710\r\n" + new string('x', 10_000) + "\r\n", 8)) + "0\r\n\r\n";
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        foreach (var (most, asked) in new[] { (80_000, 1), (79_999, 2) })
        {
            var before = upstream.Requests.Count;
            await using var gateway = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
            {
                Cache = new ResponseCache { BodyBytesMax = most },
            });
            using var client = new HttpClient();
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(new string('x', 80_000), await client.GetStringAsync(new Uri(gateway.Http1, "/a")));
            }

            Assert.Equal(asked, upstream.Requests.Count - before);
            Assert.Equal(0, gateway.Service<AnswerCache>().UnderWay.Held);
        }
    }

    [Fact]
    public async Task Who_reads_slowly_holds_up_nobody()
    {
        var body = new string('x', 4_000_000);
        using var upstream = RawUpstream.Answering(
            $"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var gateway = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
        {
            Cache = new ResponseCache { BodyBytesMax = 8_000_000 },
        });
        using var slow = await RawClient.Connect(gateway.Port);
        await slow.Send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await Poll.Until(() => upstream.Requests.Count == 1, Patience, "the slow one to ask");

        using var client = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Http1, "/a"));
        request.Headers.Host = "a";
        var answer = await client.SendAsync(request);

        Assert.Equal(body, await answer.Body());
        Assert.Single(upstream.Requests);
        Assert.EndsWith(body, await slow.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "200", 2)]
    [InlineData("PUT", "204", 2)]
    [InlineData("DELETE", "302", 2)]
    [InlineData("POST", "400", 1)]
    [InlineData("POST", "500", 1)]
    [InlineData("OPTIONS", "200", 1)]
    public async Task What_is_changed_is_forgotten(string method, string status, int asked)
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60, status, Age60);
        await rig.Get("/a?page=1");
        await rig.Send(new HttpMethod(method), "/a");

        await rig.Get("/a?page=1");

        Assert.Equal(asked, rig.Origin.Requests.Count(request =>
            request.Line.StartsWith("GET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_route_without_a_cache_changes_what_another_keeps()
    {
        var origin = new RecordingOrigin(TimeProvider.System, Age60);
        var reads = GatewayRig.RouteTo(origin.Address);
        await using var gateway = await GatewayRig.Start(
            reads with { Id = "r", Match = reads.Match with { Methods = ["GET"] }, Cache = new ResponseCache() },
            reads with { Id = "w", Match = reads.Match with { Methods = ["POST"] } });
        using var client = new HttpClient();
        var address = new Uri(gateway.Http1, "/a");
        await client.GetStringAsync(address);
        await client.PostAsync(address, null);
        await client.GetStringAsync(address);
        await client.GetStringAsync(address);

        Assert.Equal(3, origin.Count);
    }

    [Theory]
    [InlineData(null, "/news/**", null, "/news/a", true)]
    [InlineData(null, "/news/**", null, "/news", false)]
    [InlineData(null, "/news/**", null, "/newsletter", false)]
    [InlineData(null, "/news/a", null, "/news/a", true)]
    [InlineData(null, "/news/a", null, "/news/a?x=1", true)]
    [InlineData(null, "/news/a", null, "/news/ab", false)]
    [InlineData(null, "/**", null, "/", true)]
    [InlineData(null, null, "one", "/a", true)]
    [InlineData(null, null, "two", "/a", true)]
    [InlineData(null, null, "three", "/a", false)]
    [InlineData("other.example", null, null, "/a", false)]
    [InlineData("other.example", "/**", null, "/a", false)]
    public async Task What_is_purged_is_asked_for_again(
        string? host, string? path, string? tag, string target, bool isGone)
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60 + "|Cache-Tag: one, two");
        await rig.Get(target);

        await rig.Gateway.Service<AnswerCache>().Purge(new Purge(
            host, path?.TrimEnd('*'), path?.EndsWith("/**", StringComparison.Ordinal) == true, tag));
        await rig.Get(target);

        Assert.Equal(isGone ? 2 : 1, rig.Origin.Count);
    }

    [Fact]
    public async Task What_was_asked_before_a_purge_is_not_kept_after_it()
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60);
        rig.Origin.Door = new TaskCompletionSource();
        var before = rig.Get("/a");
        await Poll.Until(() => rig.Origin.Count == 1, Patience, "it to be asked");
        await rig.Gateway.Service<AnswerCache>().Purge(new Purge(null, "/a", IsPrefix: false, null));
        var after = rig.Get("/a");
        await Poll.Until(() => rig.Origin.Count == 2, Patience, "who comes later not to wait for it");
        rig.Origin.Door.SetResult();

        Assert.Equal("body 1", await (await before).Body());
        Assert.Equal("body 2", await (await after).Body());
        Assert.Equal("body 2", await (await rig.Get("/a")).Body());
    }

    [Fact]
    public async Task Whoever_signs_in_has_a_key_of_their_own()
    {
        await using var rig = await CacheRig.Start(new ResponseCache { KeyHeader = "Authorization" }, Age60);

        Assert.Equal("body 1", await (await rig.Get("/a", "Authorization: Bearer one")).Body());
        Assert.Equal("body 2", await (await rig.Get("/a", "Authorization: Bearer two")).Body());
        Assert.Equal("body 1", await (await rig.Get("/a", "Authorization: Bearer one")).Body());
        Assert.Equal("body 3", await (await rig.Get("/a")).Body());
        Assert.Equal("body 4", await (await rig.Get("/a", "Cookie: s=1")).Body());
    }

    [Theory]
    [InlineData("X-Lang", 3)]
    // Kestrel makes close or keep-alive alone of these: then nothing is left out.
    [InlineData("close, x-lang", 1)]
    [InlineData("keep-alive, x-lang", 1)]
    [InlineData("keep-alive", 1)]
    public async Task What_the_origin_did_not_see_is_not_kept_by(string connection, int asked)
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60 + "|Vary: X-Lang");

        async Task Ask(string connection)
        {
            using var raw = await RawClient.Connect(rig.Gateway.Port);
            await raw.Send($"GET /a HTTP/1.1\r\nHost: a\r\nX-Lang: de\r\nConnection: {connection}\r\n\r\n");
            await raw.ReadUntil("body");
        }

        await Ask(connection);
        await Ask("close");
        await Ask(connection);

        Assert.Equal(asked, rig.Origin.Count);
        Assert.Equal(asked == 1 ? "de" : null, rig.Origin.Requests[0].Header("X-Lang"));
    }

    [Theory]
    [InlineData("max-age=60", "Authorization", 2)]
    [InlineData("max-age=60, proxy-revalidate", "Cookie", 2)]
    [InlineData("max-age=60, public", "Authorization", 1)]
    [InlineData("s-maxage=60", "Cookie", 1)]
    [InlineData("max-age=60, must-revalidate", "Authorization", 1)]
    public async Task A_header_that_anyone_can_say_lets_nobody_see_anothers(string said, string who, int asked)
    {
        await using var rig = await CacheRig.Start(
            new ResponseCache { KeyHeader = "X-Tenant" }, "200|Cache-Control: " + said);

        await rig.Get("/a", $"X-Tenant: 1|{who}: one");
        await rig.Get("/a", "X-Tenant: 1");

        Assert.Equal(asked, rig.Origin.Count);
        Assert.Equal(asked == 1 ? "body 1" : "body 3", await (await rig.Get("/a", $"X-Tenant: 1|{who}: two")).Body());
    }

    [Theory]
    [InlineData("400")]
    [InlineData("200|Cache-Control: no-store")]
    public async Task Who_asks_past_the_cache_takes_nothing_from_others(string answer)
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60, answer);
        await rig.Get("/a");

        await rig.Get("/a", "Cache-Control: no-cache");

        Assert.Equal("body 1", await (await rig.Get("/a")).Body());
        Assert.Equal(2, rig.Origin.Count);
    }

    [Fact]
    public async Task What_another_cluster_says_is_not_kept_as_the_origins()
    {
        using var other = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 5\r\n\r\nother");
        await using var rig = await CacheRig.Start(
            new ResponseCache(),
            route => route with
            {
                Fallback = new Fallback
                {
                    Statuses = [503],
                    Cluster = GatewayRig.RouteTo(other.Address).Cluster with { Id = "other" },
                },
            },
            "503", Age60);

        Assert.Equal("other", await (await rig.Get("/a")).Body());
        Assert.Equal("body 2", await (await rig.Get("/a")).Body());
    }

    [Fact]
    public async Task A_head_is_answered_from_what_was_kept_of_get()
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60 + "|X-A: 1");
        await rig.Get("/a");

        var head = await rig.Send(HttpMethod.Head, "/a");

        Assert.Equal(1, rig.Origin.Count);
        Assert.Equal("1", head.Headers.GetValues("X-A").Single());
        Assert.Equal(6, head.Content.Headers.ContentLength);
        Assert.Equal("0", head.Headers.Age?.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task While_one_asks_others_may_be_given_what_is_past_its_time()
    {
        await using var rig = await CacheRig.Start(
            new ResponseCache(), "200|Cache-Control: max-age=10, stale-while-revalidate=30");
        await rig.Get("/a");
        rig.Time.Jump(TimeSpan.FromSeconds(20));
        rig.Origin.Door = new TaskCompletionSource();
        var asking = rig.Get("/a");
        await Poll.Until(() => rig.Origin.Count == 2, Patience, "one to ask");

        Assert.Equal("body 1", await (await rig.Get("/a")).Body());
        rig.Origin.Door.SetResult();
        Assert.Equal("body 2", await (await asking).Body());
    }

    [Fact]
    public async Task Only_what_is_kept_where_nothing_else_is_wanted()
    {
        await using var rig = await CacheRig.Start(new ResponseCache(), Age60);

        var nothing = await rig.Get("/a", "Cache-Control: only-if-cached");
        await rig.Get("/a");
        var kept = await rig.Get("/a", "Cache-Control: only-if-cached");

        Assert.Equal(504, (int)nothing.StatusCode);
        Assert.Contains("not_cached", await nothing.Body(), StringComparison.Ordinal);
        Assert.Equal("body 1", await kept.Body());
        Assert.Equal(1, rig.Origin.Count);
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_others_one_more_try()
    {
        using var underWay = new UnderWay("one-more-try");
        await using var rig = await CacheRig.Start(
            new ResponseCache(), route => route with { Id = "one-more-try" }, Age60);
        rig.Origin.Door = new TaskCompletionSource();
        using var leaving = await RawClient.Connect(rig.Gateway.Port);
        await leaving.Send($"GET /a HTTP/1.1\r\nHost: 127.0.0.1:{rig.Gateway.Port}\r\n\r\n");
        await Poll.Until(() => rig.Origin.Count == 1, Patience, "the first to ask");
        var others = Enumerable.Range(0, 20).Select(_ => rig.Get("/a")).ToList();
        await Poll.Until(() => underWay.Count == 21, Patience, "the others to wait");

        leaving.Dispose();
        await Poll.Until(
            () => rig.Origin.Count == 2 && underWay.Count == 20, Patience, "one of the others to ask");
        rig.Origin.Door.SetResult();

        await Task.WhenAll(others);
        Assert.Equal(2, rig.Origin.Count);
    }

    [Fact]
    public async Task The_memory_has_a_bound()
    {
        var body = new string('x', 100_000);
        using var upstream = RawUpstream.Answering(
            $"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var gateway = await GatewayRig.Start(
            new GatewayOptions { CacheBytesMax = 1_000_000 },
            GatewayRig.RouteTo(upstream.Address) with { Cache = new ResponseCache() });
        using var client = new HttpClient();
        for (var i = 0; i < 50; i++)
        {
            await client.GetStringAsync(new Uri(gateway.Http1, $"/{i}"));
        }

        Assert.InRange(gateway.Service<AnswerCache>().Bytes, 800_000, 1_000_000);
    }
}

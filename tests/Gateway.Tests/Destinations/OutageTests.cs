using System.Collections.Concurrent;
using System.Net;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Destinations;

/// <summary>Requests while servers die, hang and come back, on real connections.</summary>
public sealed class OutageTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Error = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    [Theory]
    [InlineData(nameof(BalancingPolicy.LeastRequests))]
    [InlineData(nameof(BalancingPolicy.PowerOfTwo))]
    [InlineData(nameof(BalancingPolicy.RoundRobin))]
    public async Task No_request_is_lost_while_one_of_three_dies(string policy)
    {
        using var one = RawUpstream.Answering(Ok);
        using var two = RawUpstream.Answering(Ok);
        using var three = RawUpstream.Answering(Ok);
        var route = With(GatewayRig.RouteTo(one.Address, two.Address, three.Address), cluster => cluster with
        {
            Balancing = new Balancing { Policy = Enum.Parse<BalancingPolicy>(policy) },
            PassiveHealth = new PassiveHealth { Failures = 1 },
        }) with
        { Retry = new Retry { Attempts = 3, Backoff = TimeSpan.FromMilliseconds(5) } };
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        var statuses = new ConcurrentBag<HttpStatusCode>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async worker =>
        {
            for (var i = 0; i < 100; i++)
            {
                if (worker == 0 && i == 30)
                {
                    three.Stop();
                }

                using var answer = await client.GetAsync("/");
                statuses.Add(answer.StatusCode);
            }
        }));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal("ejected", Report(rig, "d3").State);
        Assert.InRange(three.Requests.Count, 1, 150);
    }

    [Fact]
    public async Task One_that_hangs_is_passed_by_once_it_is_known_and_comes_back()
    {
        var hangs = true;
        using var flapping = new RawUpstream(async connection =>
        {
            while (await connection.ReadRequest() is not null)
            {
                if (Volatile.Read(ref hangs))
                {
                    await connection.ReadHead();
                    return;
                }

                await connection.Write(Ok);
            }
        });
        using var healthy = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(With(
            GatewayRig.RouteTo(flapping.Address, healthy.Address), cluster => cluster with
            {
                ActiveHealth = new ActiveHealth
                {
                    Interval = TimeSpan.FromMilliseconds(100),
                    Timeout = TimeSpan.FromMilliseconds(100),
                    Up = 1,
                    Down = 1,
                },
            }));
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        await Poll.Until(() => Report(rig, "d1").State == "down", TimeSpan.FromSeconds(10), "the hung one to be down");

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("ok", await client.GetStringAsync("/request"));
        }

        Assert.DoesNotContain(flapping.Requests, sent => sent.Line.Contains("/request", StringComparison.Ordinal));
        Volatile.Write(ref hangs, false);
        await Poll.Until(() => Report(rig, "d1").State == "up", TimeSpan.FromSeconds(10), "it to be back");
        Assert.Equal("gatehouse-health", flapping.Requests.First().Header("User-Agent"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Who_has_no_room_or_an_open_breaker_is_passed_by_without_a_wait(string method)
    {
        var asked = new TaskCompletionSource();
        using var busy = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            asked.SetResult();
            await connection.ReadHead();
        });
        using var free = RawUpstream.Answering(Ok);
        var route = With(GatewayRig.RouteTo(busy.Address, free.Address), cluster => cluster with
        {
            Bulkhead = new Bulkhead(1, 5),
        });
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        var held = client.GetAsync("/");
        await asked.Task;

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/");
            request.Content = method == "POST" ? new StringContent("body") : null;
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal((1, 4), (busy.Requests.Count, free.Requests.Count));
        busy.Stop();
        using var lost = await held;
        Assert.Equal(HttpStatusCode.BadGateway, lost.StatusCode);
        Assert.Equal(0, Report(rig, "d1").Permits);
    }

    [Fact]
    public async Task Past_the_queue_or_its_deadline_a_request_is_told_to_come_again()
    {
        var asked = new TaskCompletionSource();
        using var busy = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            asked.SetResult();
            await connection.ReadHead();
        });
        var patient = With(GatewayRig.RouteTo(busy.Address), cluster => cluster with
        {
            Bulkhead = new Bulkhead(1, 1),
        });
        var hurried = patient with
        {
            Id = "hurried",
            Match = new RouteConditions { Path = PathPattern.Parse("/hurried", out _)! },
            Deadline = TimeSpan.FromSeconds(1),
        };
        await using var rig = await GatewayRig.Start(patient, hurried);
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        var held = client.GetAsync("/");
        await asked.Task;

        var waiting = client.PostAsync("/hurried", null);
        await Poll.Until(() => Report(rig, "d1").Waiting == 1, TimeSpan.FromSeconds(5), "one to wait");
        using var refused = await client.PostAsync("/hurried", null);
        using var late = await waiting;
        busy.Stop();
        using var first = await held;

        foreach (var answer in (HttpResponseMessage[])[refused, late])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("overloaded", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(HttpStatusCode.BadGateway, first.StatusCode);
        Assert.Single(busy.Requests);
        Assert.Equal((0, 0), (Report(rig, "d1").Permits, Report(rig, "d1").Waiting));
    }

    [Fact]
    public async Task When_all_breakers_are_open_nothing_is_sent_any_more()
    {
        using var broken = RawUpstream.Answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        await using var rig = await GatewayRig.Start(With(GatewayRig.RouteTo(broken.Address), cluster => cluster with
        {
            Breaker = new BreakerRule { Failures = 3, Open = TimeSpan.FromMinutes(1) },
        }));
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.GetAsync("/");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(i >= 3, text.Contains("circuit_open", StringComparison.Ordinal));
        }

        Assert.Equal(3, broken.Requests.Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Who_says_when_to_come_again_is_not_taken_out(int status)
    {
        using var busy = RawUpstream.Answering($"HTTP/1.1 {status} No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
        using var other = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(With(
            GatewayRig.RouteTo(busy.Address, other.Address), cluster => cluster with
            {
                PassiveHealth = new PassiveHealth { Failures = 1 },
                Breaker = new BreakerRule { Failures = 1 },
            }));
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.GetAsync("/");
        }

        Assert.InRange(busy.Requests.Count, 2, 10);
        Assert.Equal((null, 0), (Report(rig, "d1").Why, Report(rig, "d1").Failures));
    }

    [Fact]
    public async Task A_request_that_cannot_be_made_gives_its_place_back()
    {
        using var upstream = RawUpstream.Answering(Ok);
        var route = With(GatewayRig.RouteTo(upstream.Address), cluster => cluster with
        {
            Bulkhead = new Bulkhead(1, 0),
        });
        await using var rig = await GatewayRig.Start(
            route with { Transforms = route.Transforms with { Method = "NO METHOD" } });
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal((0, 0), (Report(rig, "d1").Permits, Report(rig, "d1").UnderWay));
    }

    [Fact]
    public async Task A_client_in_a_hurry_takes_no_server_out()
    {
        using var silent = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.ReadHead();
        });
        using var other = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(With(
            GatewayRig.RouteTo(silent.Address, other.Address), cluster => cluster with
            {
                PassiveHealth = new PassiveHealth { Failures = 1 },
                Breaker = new BreakerRule { Failures = 1 },
            }));
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("x") };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TryAddWithoutValidation("grpc-timeout", "50m");

        using var answer = await client.SendAsync(request);

        Assert.Equal("4", answer.Headers.GetValues("grpc-status").Single());
        Assert.Null(Report(rig, "d1").Why);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", false)]
    [InlineData("OPTIONS", false)]
    public async Task Only_methods_that_the_route_names_are_sent_again(string method, bool isAgain)
    {
        using var failing = new RawUpstream(async connection => await connection.ReadRequest());
        using var healthy = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(failing.Address, healthy.Address) with
        {
            Retry = new Retry { Methods = ["GET", "PUT"], Backoff = TimeSpan.FromMilliseconds(1) },
        });
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");

        using var answer = await client.SendAsync(request);

        Assert.Equal(isAgain ? HttpStatusCode.OK : HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(isAgain ? 1 : 0, healthy.Requests.Count);
    }

    [Theory]
    [InlineData("GET", "nowhere", true)]
    [InlineData("POST", "nowhere", true)]
    [InlineData("GET", "resets", true)]
    [InlineData("PUT", "resets", true)]
    [InlineData("POST", "resets", false)]
    [InlineData("POST+key", "nowhere", true)]
    [InlineData("POST+key", "resets", false)]
    [InlineData("POST+key", "error", false)]
    [InlineData("GET", "error", true)]
    [InlineData("POST", "error", false)]
    public async Task Another_cluster_is_asked_where_that_is_safe(string method, string failure, bool isSafe)
    {
        using var failing = failure == "error"
            ? RawUpstream.Answering(Error)
            : new RawUpstream(async connection => await connection.ReadRequest());
        using var other = RawUpstream.Answering(Ok);
        var fallback = new Fallback
        {
            Statuses = [500],
            Cluster = GatewayRig.RouteTo(other.Address).Cluster with { Id = "other" },
        };
        await using var rig = await GatewayRig.Start(
            GatewayRig.RouteTo(failure == "nowhere" ? Nowhere : failing.Address) with
            {
                Fallback = fallback,
                Retry = method == "POST+key" ? new Retry { Keyed = true } : null,
            });
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var request = new HttpRequestMessage(new HttpMethod(method.Split('+')[0]), "/");
        request.Content = method == "GET" ? null : new StringContent("body");
        if (method == "POST+key")
        {
            request.Headers.Add("Idempotency-Key", "k");
        }

        using var answer = await client.SendAsync(request);

        Assert.Equal(isSafe ? 1 : 0, other.Requests.Count);
        Assert.Equal(
            isSafe ? HttpStatusCode.OK
            : failure == "error" ? HttpStatusCode.InternalServerError
            : HttpStatusCode.BadGateway,
            answer.StatusCode);
        Assert.All(other.Requests, sent => Assert.Equal(method == "GET" ? "" : "body", sent.Body));
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("HEAD", "/")]
    public async Task An_answer_of_the_file_stands_in_for_the_gateways_own(string method, string path)
    {
        var instead = new StaticAnswer(
            200, "application/json", "[]"u8.ToArray(), [new HeaderChange(HeaderAction.Set, "X-Instead", "1")]);
        await using var rig = await GatewayRig.Start(
            GatewayRig.RouteTo(Nowhere) with { Fallback = new Fallback { Answer = instead } });
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(method == "HEAD" ? "" : "[]", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.True(answer.Headers is { CacheControl.NoStore: true } && answer.Headers.Contains("X-Instead"));
    }

    [Fact]
    public async Task A_drained_destination_gets_nothing_new_whatever_its_client_was_told()
    {
        using var one = RawUpstream.Answering(Ok);
        using var two = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(With(
            GatewayRig.RouteTo(one.Address, two.Address),
            cluster => cluster with { Balancing = new Balancing { Policy = BalancingPolicy.Cookie } }));
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        await client.GetStringAsync("/");
        var (mine, theirs) = one.Requests.IsEmpty ? (two, one) : (one, two);

        rig.Service<Memberships>().Find("upstreams")!.TryMark(mine == one ? "d1" : "d2", AdminMark.Draining);
        await client.GetStringAsync("/");
        await client.GetStringAsync("/");

        Assert.Equal((1, 2), (mine.Requests.Count, theirs.Requests.Count));
    }

    private static DestinationReport Report(GatewayRig rig, string id) =>
        rig.Service<Memberships>().Find("upstreams")!.Describe().Single(one => one.Id == id);

    private static Route With(Route route, Func<Cluster, Cluster> change) =>
        route with { Cluster = change(route.Cluster) };
}

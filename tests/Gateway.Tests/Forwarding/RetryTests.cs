using System.Diagnostics;
using System.Net;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>What is sent again, on real connections that fail at every place.</summary>
public sealed class RetryTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private const int BodyKept = 1000;

    /// <summary>Where the first destination fails.</summary>
    public enum Failure
    {
        NotListening,
        ClosedAtOnce,
        ClosedAfterHead,
        ClosedAfterHalfTheBody,
        ClosedAfterRequest,
        ResetAfterRequest,
        ClosedInStatusLine,
        ClosedInHeaders,
        Silent,
        Nonsense,
        Status503,
        Status503ForLong,
        Status503UntilLate,
        Status429,
        Status429Soon,
    }

    /// <summary>The rows of the decision table: who may be sent again after which failure.</summary>
    public static TheoryData<Failure, string, int> Matrix()
    {
        var all = new TheoryData<Failure, string, int>();
        foreach (var failure in Enum.GetValues<Failure>())
        {
            foreach (var method in new[] { "GET", "PUT", "POST", "POST+key", "POST+unread" })
            {
                foreach (var bytes in new[] { 0, 10, BodyKept + 1 })
                {
                    if (failure != Failure.ClosedAfterHalfTheBody || bytes > 0)
                    {
                        all.Add(failure, method, bytes);
                    }
                }
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Only_what_is_safe_is_sent_again(Failure failure, string method, int bytes)
    {
        using var failing = failure == Failure.NotListening
            ? null
            : new RawUpstream(connection => Fail(connection, failure));
        using var healthy = RawUpstream.Answering(Ok);
        var route = GatewayRig.RouteTo(failing?.Address ?? new Uri("http://127.0.0.1:1"), healthy.Address) with
        {
            Deadline = TimeSpan.FromSeconds(3),
            PerTry = TimeSpan.FromMilliseconds(300),
            Retry = new Retry
            {
                Attempts = 2,
                Keyed = method == "POST+key",
                Backoff = TimeSpan.FromMilliseconds(1),
                BodyBytesMax = BodyKept,
            },
        };
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var request = new HttpRequestMessage(new HttpMethod(method.Split('+')[0]), "/");
        request.Content = bytes > 0 ? new StringContent(new string('x', bytes)) : null;
        if (method.Contains('+', StringComparison.Ordinal))
        {
            request.Headers.Add("Idempotency-Key", "k");
        }

        using var answer = await client.SendAsync(request);

        var isAgain = MayBeSentAgain(failure, method, bytes);
        Assert.Equal(isAgain ? 1 : 0, healthy.Requests.Count);
        Assert.Equal(isAgain ? HttpStatusCode.OK : Status(failure), answer.StatusCode);
        Assert.InRange(failing?.Connections ?? 0, 0, 1);
        Assert.All(healthy.Requests, sent => Assert.Equal((bytes, true), (sent.Body.Length, sent.IsWhole)));
    }

    [Theory]
    [InlineData("POST", 0)]
    [InlineData("POST", 10)]
    [InlineData("PATCH", 0)]
    [InlineData("PUT", 10)]
    [InlineData("DELETE", 10)]
    public async Task What_fails_on_a_connection_used_before_is_not_sent_again_by_the_client_below(
        string method, int bytes)
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write(Ok);
            await connection.ReadRequest();
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        using var first = await client.GetAsync("/first");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/second");
        request.Content = bytes > 0 ? new StringContent(new string('x', bytes)) : null;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal((1, 2), (upstream.Connections, upstream.Requests.Count));
    }

    [Fact]
    public async Task An_outage_costs_a_fifth_more_requests_and_a_few()
    {
        using var upstream = new RawUpstream(async connection => await connection.ReadRequest());
        var route = GatewayRig.RouteTo(upstream.Address) with
        {
            Retry = new Retry { Attempts = 5, Backoff = TimeSpan.FromMilliseconds(1) },
        };
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        for (var i = 0; i < 100; i++)
        {
            using var answer = await client.GetAsync("/");
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        Assert.InRange(upstream.Requests.Count, 110, 100 + 20 + 3);
    }

    [Fact]
    public async Task A_wait_that_does_not_fit_the_deadline_is_not_begun()
    {
        using var upstream = RawUpstream.Answering(Busy);
        var route = GatewayRig.RouteTo(upstream.Address) with
        {
            Deadline = TimeSpan.FromMilliseconds(300),
            Retry = new Retry
            {
                Attempts = 10,
                Backoff = TimeSpan.FromSeconds(20),
                BackoffMax = TimeSpan.FromSeconds(20),
            },
        };
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        var started = Stopwatch.GetTimestamp();

        using var answer = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static async Task Fail(RawConnection connection, Failure failure)
    {
        switch (failure)
        {
            case Failure.ClosedAtOnce:
                return;
            case Failure.ClosedAfterHead:
                await connection.ReadHead();
                return;
            case Failure.ClosedAfterHalfTheBody:
                await connection.ReadHead();
                await connection.ReadCount(5);
                return;
        }

        while (await connection.ReadRequest() is not null)
        {
            switch (failure)
            {
                case Failure.ResetAfterRequest:
                    connection.Reset();
                    return;
                case Failure.ClosedInStatusLine:
                    await connection.Write("HTTP/1.1 20");
                    return;
                case Failure.ClosedInHeaders:
                    await connection.Write("HTTP/1.1 200 OK\r\nContent-Le");
                    return;
                case Failure.Silent:
                    await connection.ReadHead();
                    return;
                case Failure.Nonsense:
                    await connection.Write("SSH-2.0-OpenSSH\r\n\r\n");
                    return;
                case Failure.Status503:
                    await connection.Write(Busy);
                    break;
                case Failure.Status503ForLong:
                    await connection.Write(Busy.Replace("\r\n\r\n", "\r\nRetry-After: 60\r\n\r\n"));
                    break;
                case Failure.Status503UntilLate:
                    await connection.Write(Busy.Replace(
                        "\r\n\r\n",
                        "\r\nDate: Fri, 20 Nov 2026 10:00:00 GMT\r\n" +
                        "Retry-After: Fri, 20 Nov 2026 10:01:00 GMT\r\n\r\n"));
                    break;
                case Failure.Status429:
                    await connection.Write("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n");
                    break;
                case Failure.Status429Soon:
                    await connection.Write("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: 0\r\n\r\n");
                    break;
                default:
                    return;
            }
        }
    }

    private static bool MayBeSentAgain(Failure failure, string method, int bytes)
    {
        if (failure == Failure.NotListening)
        {
            return true;
        }

        return method is "GET" or "PUT" or "POST+key" && bytes <= BodyKept &&
            failure is not (Failure.Status503ForLong or Failure.Status503UntilLate or Failure.Status429);
    }

    private static HttpStatusCode Status(Failure failure) => failure switch
    {
        Failure.Silent => HttpStatusCode.GatewayTimeout,
        Failure.Status503 or Failure.Status503ForLong or Failure.Status503UntilLate =>
            HttpStatusCode.ServiceUnavailable,
        Failure.Status429 or Failure.Status429Soon => HttpStatusCode.TooManyRequests,
        _ => HttpStatusCode.BadGateway,
    };
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;

namespace Gatehouse.Bench.Login;

/// <summary>
/// One client that asks at a steady pace, alone and then while many log in. Each of those sends its next login when it
/// has its answer, and waits as long as a 503 says.
/// </summary>
internal sealed class Crowd(BoxOffice office) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 })
    {
        BaseAddress = new Uri($"http://{office.Endpoint}"),
    };

    private long succeeded;
    private long busy;
    private long failed;
    private string? firstFailure;

    public static async Task<LoginCrowd> Measure(BoxOffice office, int clients, TimeSpan duration)
    {
        using var crowd = new Crowd(office);
        var request = Encoding.ASCII.GetBytes(
            $"GET /auth/me HTTP/1.1\r\nHost: {office.Endpoint}\r\n" +
            $"Authorization: Bearer {await office.Token(buyer: 0)}\r\n\r\n");
        await crowd.Probe(request, WarmUp);
        var idle = await crowd.Probe(request, duration);

        using var stopping = new CancellationTokenSource();
        var logins = Enumerable.Range(0, clients).Select(i => crowd.LogIn(i, stopping.Token)).ToArray();
        await crowd.Probe(request, WarmUp);
        var crowded = await crowd.Probe(request, duration);
        await stopping.CancelAsync();
        await Task.WhenAll(logins);
        return new LoginCrowd(
            clients, idle, crowded, crowd.succeeded, crowd.busy, crowd.failed, crowd.firstFailure);
    }

    public void Dispose() => client.Dispose();

    /// <summary>On a thread of its own, so that the crowd in this process does not delay what it measures.</summary>
    private Task<Latency> Probe(byte[] request, TimeSpan duration) => Task.Factory.StartNew(
        () =>
        {
            var latencies = new List<long>();
            using var connection = new LoadConnection(office.Endpoint);
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var sent = Stopwatch.GetTimestamp();
                connection.Send(request, sent);
                while (!connection.Receive())
                {
                }

                latencies.Add(Stopwatch.GetTimestamp() - sent);
                if (connection.Status != (int)HttpStatusCode.OK)
                {
                    throw new InvalidOperationException(connection.Answer);
                }

                Thread.Sleep(Pace);
            }

            latencies.Sort();
            var load = new LoadResult(latencies.Count, 0, null, duration, latencies);
            return new Latency(latencies.Count, load.Percentile(0.5), load.Percentile(0.99), load.MaxMs);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private async Task LogIn(int number, CancellationToken stopping)
    {
        var login = new { email = BoxOffice.EmailOf(number % BoxOffice.Buyers), password = BoxOffice.Password };
        while (!stopping.IsCancellationRequested)
        {
            using var answer = await client.PostAsJsonAsync("/auth/login", login, CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref succeeded);
                continue;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Interlocked.Increment(ref failed);
                firstFailure ??= await answer.Content.ReadAsStringAsync(CancellationToken.None);
                return;
            }

            Interlocked.Increment(ref busy);
            await Task.WhenAny(Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), stopping));
        }
    }
}

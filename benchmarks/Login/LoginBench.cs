using Gatehouse.Bench.Booking;
using Gatehouse.Testing;

namespace Gatehouse.Bench.Login;

/// <summary>
/// Whether a stranger can tell by time or bytes who has an account, and whether everyone else notices when many log in.
/// The program as an operator runs it, but for the limits: what is measured is the work behind them.
/// </summary>
internal static class LoginBench
{
    private const double GapMsMax = 1;
    private const double PMin = 0.01;
    private const double RatioMax = 2;
    private const int Clients = 100;

    public static async Task<int> Run(int samples, int seconds)
    {
        using var server = PostgresServer.StartDurable();
        // Cheap enough for the rest of the work to show. Only Development allows it.
        LoginTiming cheap, usual;
        using (var office = await Open(server, cost: 6, ("GATEHOUSE_ENVIRONMENT", "Development")))
        {
            Console.WriteLine($"A wrong password, of an account and of nobody, by turns, {samples} of each\n");
            cheap = Tell(Guesses.Measure(office, 6, samples));
        }

        using var inProduction = await Open(server, cost: 12);
        usual = Tell(Guesses.Measure(inProduction, 12, Math.Max(20, samples / 10)));

        Console.WriteLine(
            $"\nGET /auth/me 200 times a second for {seconds} s, alone and while {Clients} clients log in\n");
        var crowd = await Crowd.Measure(inProduction, Clients, TimeSpan.FromSeconds(seconds));
        Tell("alone", crowd.Idle);
        Tell("crowded", crowd.Crowded);

        var report = new LoginReport(TimeProvider.System.GetUtcNow(), [cheap, usual], crowd);
        Console.WriteLine(
            $"""

            p99       {crowd.Ratio:N2} of what it is alone (at most {RatioMax:N1})
            logins    {crowd.Succeeded:N0} done, {crowd.Busy:N0} told to come back, {crowd.Failed:N0} failed
            failure   {crowd.FirstFailure ?? "none"}
            gap       {cheap.GapMs:N3} ms (at most {GapMsMax:N1})
            written   {await Results.Write("login", report)}
            """);
        var isAlike = report.Timings.All(timing => timing.SameBytes) && cheap is { GapMs: < GapMsMax, P: >= PMin };
        return isAlike && crowd is { Failed: 0, Ratio: < RatioMax } ? 0 : 1;
    }

    private static async Task<BoxOffice> Open(
        PostgresServer server, int cost, params (string Name, string Value)[] more)
    {
        var office = await BoxOffice.Open(
            server.CreateDatabase(), [("GATEHOUSE_IDENTITY__BCRYPTCOST", $"{cost}"), .. more]);
        await office.Register();
        return office;
    }

    private static LoginTiming Tell(LoginTiming timing)
    {
        Console.WriteLine(
            $"cost {timing.BcryptCost,2}   known {timing.KnownMs,8:N3} ms   unknown {timing.UnknownMs,8:N3} ms   " +
            $"gap {timing.GapMs:N3} ms   p {timing.P:N3}   {(timing.SameBytes ? "same bytes" : "OTHER BYTES")}");
        return timing;
    }

    private static void Tell(string name, Latency latency) => Console.WriteLine(
        $"{name,-8} {latency.Requests,7:N0} requests   p50 {latency.P50Ms,6:N2} ms   p99 {latency.P99Ms,6:N2} ms   " +
        $"max {latency.MaxMs,7:N1} ms");
}

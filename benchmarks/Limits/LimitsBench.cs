using System.Diagnostics;
using Gatehouse.Bench.Booking;
using Gatehouse.Foundation.Limits;
using Gatehouse.Testing;

namespace Gatehouse.Bench.Limits;

/// <summary>
/// One token bucket in Redis that four instances spend from as fast as they can: with Redis, killed midway, without it,
/// and back. Before and after, the Redis client alone.
/// </summary>
internal sealed class LimitsBench(RedisServer server, TimeSpan duration)
{
    private const int Count = 4;
    private const int CallersOfEach = 4;
    private const int Permits = 1_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(10);
    private static readonly LimitPolicy Bucket =
        new("bench", LimitBy.Key, LimitAlgorithm.TokenBucket, Permits, Window, Permits / 2);

    public static async Task<int> Run(TimeSpan duration)
    {
        using var server = RedisServer.Start();
        var machine = Machine.Describe("none");
        Console.WriteLine(
            $"""
            {machine.Cores} cores of {machine.Processor}, .NET {machine.DotNet}
            A token bucket of {Permits:N0} a second in Redis, {Count} instances with {CallersOfEach} callers each

            """);
        var bench = new LimitsBench(server, duration);
        var before = await bench.Raw("raw before");
        var (phases, recovery) = await bench.Ours();
        var after = await bench.Raw("raw after");
        var report = new LimitsReport(
            TimeProvider.System.GetUtcNow(), machine, Permits, recovery.TotalMilliseconds, phases, [before, after]);
        Console.WriteLine(
            $"""

            ratio     {report.Ratio:N2} of StackExchange.Redis alone with INCR and EXPIRE
            back      {recovery.TotalMilliseconds:N0} ms after Redis
            written   {await Results.Write("limits", report)}
            """);
        var broken = report.Broken().ToList();
        broken.ForEach(one => Console.Error.WriteLine($"bench: {one}"));
        return broken.Count == 0 ? 0 : 1;
    }

    private async Task<LimitsPhase> Raw(string name)
    {
        var counters = new List<RawCounter>();
        for (var i = 0; i < Count; i++)
        {
            counters.Add(await RawCounter.Connect(server, $"{name}:"));
        }

        var phase = await Phase(name, i => counters[i % Count].Allows(Permits, Window));
        foreach (var counter in counters)
        {
            await counter.DisposeAsync();
        }

        return phase;
    }

    private async Task<(IReadOnlyList<LimitsPhase> Phases, TimeSpan Recovery)> Ours()
    {
        var instances = await LimitInstance.Start(server, Count);
        var together = await Turn("together");
        var killed = await Turn("killed", server.Kill);
        var apart = await Turn("without");
        server.Restart();
        var restarted = Stopwatch.GetTimestamp();
        await Poll.Until(() => instances.All(one => one.IsUp), BackWithin, "every instance to find Redis again");
        var recovery = Stopwatch.GetElapsedTime(restarted);
        var back = await Turn("back");
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        return ([together, killed, apart, back], recovery);

        Task<LimitsPhase> Turn(string name, Action? midway = null)
        {
            var key = LimitKey.Of(name);
            return Phase(name, i => instances[i % Count].Allows(Bucket, key), midway);
        }
    }

    private async Task<LimitsPhase> Phase(string name, Func<int, ValueTask<bool>> allows, Action? midway = null)
    {
        var isKilled = midway is not null;
        var started = Stopwatch.GetTimestamp();
        var callers = await Task.WhenAll(Enumerable.Range(0, Count * CallersOfEach).Select(i => Task.Run(async () =>
        {
            var (admitted, took) = (new List<(long, long)>(), new List<long>());
            while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < duration)
            {
                if (elapsed > duration / 2 && Interlocked.Exchange(ref midway, null) is { } act)
                {
                    // It waits, and the threads of the pool are what answers arrive on.
                    new Thread(() => act()).Start();
                }

                var asked = Stopwatch.GetTimestamp();
                var allowed = await allows(i);
                var heard = Stopwatch.GetTimestamp();
                took.Add(heard - asked);
                if (allowed)
                {
                    admitted.Add((asked, heard));
                }
                else if (heard - asked < Stopwatch.Frequency / 20_000)
                {
                    // Decided in memory: without Redis nothing else would give the processor away.
                    await Task.Delay(1);
                }
            }

            return (Admitted: admitted, Took: took);
        })));
        var took = callers.SelectMany(caller => caller.Took).Order().ToList();
        List<(long, long)> admitted = [.. callers.SelectMany(caller => caller.Admitted)];
        var phase = new LimitsPhase(
            name,
            isKilled,
            took.Count / duration.TotalSeconds,
            admitted.Count,
            TimeWindows.Fullest(admitted, (long)(Window.TotalSeconds * Stopwatch.Frequency)),
            Percentile(0.5),
            Percentile(0.99),
            Percentile(1));
        Console.WriteLine(
            $"{name,-10} {phase.PerSecond,8:N0} decisions/s   {phase.Admitted,6:N0} admitted, {phase.Fullest,5:N0} " +
            $"in the fullest second   p50 {phase.P50Ms,6:N2} ms   p99 {phase.P99Ms,6:N2} ms   " +
            $"max {phase.MaxMs,6:N1} ms");
        return phase;

        double Percentile(double part) =>
            Stopwatch.GetElapsedTime(0, took[(int)((took.Count - 1) * part)]).TotalMilliseconds;
    }
}

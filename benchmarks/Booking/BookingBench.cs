using Gatehouse.Bench.Load;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Bench.Booking;

/// <summary>One hot event: buyers over HTTP, and pgbench on a second database of the same server, in turns.</summary>
internal sealed class BookingBench(
    BookingPlan plan, BoxOffice office, NpgsqlDataSource database, PgBenchPeer peer, int postmaster)
{
    private const int Created = 201;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(BookingPlan plan)
    {
        using var server = PostgresServer.StartDurable();
        await using var ours = NpgsqlDataSource.Create(server.CreateDatabase());
        await using var theirs = NpgsqlDataSource.Create(server.CreateDatabase());
        var migrated = await GatehouseProcess.Run(BoxOffice.Settings(theirs.ConnectionString), ["migrate", "up"]);
        if (migrated.ExitCode != 0)
        {
            return Fail(
                $"gatehouse migrate up ended with exit code {migrated.ExitCode}.\n" +
                $"{migrated.Output}\n{migrated.Errors}");
        }

        using var office = await BoxOffice.Open(ours.ConnectionString);
        await Task.Delay(Settle);
        var idle = ProcessFacts.ResidentMiB(office.ProcessId);
        await office.Register();
        var postmaster = ProcessFacts.ParentOf((int)(await Ask(ours, "SELECT pg_backend_pid()"))!);
        var machine = Machine.Describe((string)(await Ask(ours, "SHOW server_version"))!);
        Announce(plan, machine, office.ReadyAfter, idle);

        var bench = new BookingBench(plan, office, ours, new PgBenchPeer(theirs, plan), postmaster);
        var rounds = new List<BookingRound>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            if (await bench.Round(round) is not { } measured)
            {
                return 1;
            }

            rounds.Add(measured);
        }

        var report = new BookingReport(
            TimeProvider.System.GetUtcNow(), machine, plan, office.ReadyAfter.TotalMilliseconds, idle, rounds);
        Conclude(report, await report.Write());
        return 0;
    }

    /// <summary>A turn of each; null when ours did not keep its promise.</summary>
    private async Task<BookingRound?> Round(int number)
    {
        var eventId = await office.Publish($"Round {number}");
        var requests = await office.BookingRequests(eventId);
        await Ask(database, "CHECKPOINT"); // what one wrote is not flushed in the other's turn
        var before = Used();
        var load = ClosedLoop.Run(office.Endpoint, requests, plan.Connections, Created, plan.WarmUp, plan.Counted);
        var after = Used();
        var audit = await BookingAudit.Of(database, eventId);
        if (load.Refused > 0 || !audit.Agrees(load.Accepted))
        {
            Fail(
                $"Round {number}: {load.Accepted} acknowledged, {load.Refused} refused; {audit}.\n{load.FirstRefusal}");
            return null;
        }

        await Ask(database, "CHECKPOINT");
        var measured = new BookingRound(
            load.PerSecond,
            await peer.Run(),
            load.Percentile(0.50),
            load.Percentile(0.99),
            load.MaxMs,
            (after.Gatehouse - before.Gatehouse) / load.Accepted,
            (after.Postgres - before.Postgres) / load.Accepted,
            (after.Client - before.Client) / load.Accepted);
        Console.WriteLine(
            $"{number,5} {measured.Gatehouse,12:N0} {measured.PgBench,12:N0} {measured.P50Ms,8:N1} " +
            $"{measured.P99Ms,8:N1} {measured.MaxMs,8:N1} {measured.GatehouseMicroseconds,10:N0} " +
            $"{measured.PostgresMicroseconds,10:N0} {measured.ClientMicroseconds,10:N0}");
        return measured;
    }

    /// <summary>Processor time until now, in microseconds.</summary>
    private (double Gatehouse, double Postgres, double Client) Used() => (
        ProcessFacts.ProcessorTime(office.ProcessId).TotalMicroseconds,
        ProcessFacts.ProcessorTime(postmaster).TotalMicroseconds,
        Environment.CpuUsage.TotalTime.TotalMicroseconds);

    private static async Task<object?> Ask(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static void Announce(BookingPlan plan, Machine machine, TimeSpan readyAfter, double idleMiB) =>
        Console.WriteLine(
        $"""
        {machine.Cores} cores of {machine.Processor}, PostgreSQL {machine.Postgres} with fsync on, .NET {machine.DotNet}
        One hot event, {plan.Connections} connections, {plan.Seconds} s a turn, warm-up {plan.WarmUp.TotalSeconds} s
        gatehouse: ready {readyAfter.TotalMilliseconds:N0} ms after start on an empty database; idle {idleMiB:N0} MiB

                 bookings a second       latency of gatehouse (ms)   processor time a booking (µs)
        round    gatehouse      pgbench      p50      p99      max  gatehouse   postgres     client
        """);

    private static void Conclude(BookingReport report, string path) => Console.WriteLine(
        $"""

        median    {report.GatehouseMedian:N0}/s over HTTP, {report.PgBenchMedian:N0}/s by pgbench: {report.Ratio:N1}×
        latency   p50 {report.P50Ms:N1} ms, p99 {report.P99Ms:N1} ms (medians of the rounds), max {report.MaxMs:N1} ms
        checked   after every round: acknowledged = bookings = valid tickets = places sold = outbox rows
        written   {path}
        """);

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

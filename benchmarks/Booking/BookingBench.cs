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
        return report.KeepsItsPromise ? 0 : 1;
    }

    /// <summary>All turns of a round; null when ours did not keep its promise.</summary>
    private async Task<BookingRound?> Round(int number)
    {
        var turns = new List<BookingTurn>();
        foreach (var connections in plan.Connections)
        {
            if (await Turn(number, connections) is not { } turn)
            {
                return null;
            }

            turns.Add(turn);
        }

        await Ask(database, "CHECKPOINT");
        var measured = new BookingRound(turns, await peer.Run());
        Console.WriteLine($"{number,5} {"pgbench",11} {measured.PgBench,11:N0}");
        return measured;
    }

    private async Task<BookingTurn?> Turn(int round, int connections)
    {
        var eventId = await office.Publish($"Round {round} of {connections}");
        var requests = await office.BookingRequests(eventId);
        await Ask(database, "CHECKPOINT"); // what one wrote is not flushed in the other's turn
        var before = Used();
        var load = ClosedLoop.Run(office.Endpoint, requests, connections, Created, plan.WarmUp, plan.Counted);
        var after = Used();
        var audit = await BookingAudit.Of(database, eventId);
        if (load.Refused > 0 || !audit.Agrees(load.Accepted))
        {
            Fail(
                $"Round {round}: {load.Accepted} acknowledged, {load.Refused} refused; {audit}.\n{load.FirstRefusal}");
            return null;
        }

        var turn = new BookingTurn(
            connections,
            load.PerSecond,
            load.Percentile(0.50),
            load.Percentile(0.99),
            load.MaxMs,
            (after.Gatehouse - before.Gatehouse) / load.Accepted,
            (after.Postgres - before.Postgres) / load.Accepted,
            (after.Client - before.Client) / load.Accepted);
        Console.WriteLine(
            $"{round,5} {turn.Connections,11:N0} {turn.PerSecond,11:N0} {turn.P50Ms,8:N1} {turn.P99Ms,8:N1} " +
            $"{turn.MaxMs,8:N1} {turn.GatehouseMicroseconds,10:N0} {turn.PostgresMicroseconds,10:N0} " +
            $"{turn.ClientMicroseconds,10:N0}");
        return turn;
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
        One hot event, {plan.Seconds} s a turn, warm-up {plan.WarmUp.TotalSeconds} s
        pgbench has {plan.PeerConnections} clients
        gatehouse: ready {readyAfter.TotalMilliseconds:N0} ms after start on an empty database; idle {idleMiB:N0} MiB

                                          latency of gatehouse (ms)   processor time a booking (µs)
        round connections  bookings/s      p50      p99      max  gatehouse   postgres     client
        """);

    private static void Conclude(BookingReport report, string path)
    {
        Console.WriteLine($"\npgbench   {report.PgBenchMedian:N0}/s (medians of the rounds, here and below)");
        foreach (var summary in report.Summaries)
        {
            Console.WriteLine(
                $"at {summary.Connections,5:N0}  {summary.PerSecond:N0}/s over HTTP: {summary.Ratio:N1}× pgbench; " +
                $"p50 {summary.P50Ms:N1} ms, p99 {summary.P99Ms:N1} ms, max {summary.MaxMs:N1} ms");
        }

        var kept = report.KeepsItsPromise ? "kept" : "NOT KEPT";
        Console.WriteLine(
            $"""
            promised  {BookingReport.RatioMin}× pgbench, p99 under {BookingReport.P99MsMax} ms at the first: {kept}
            checked   after every turn: acknowledged = bookings = valid tickets = places sold = outbox rows
            written   {path}
            """);
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

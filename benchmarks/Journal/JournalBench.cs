using Gatehouse.Bench.Booking;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Bench.Journal;

/// <summary>
/// One person with few entries and one with many, each with a program and a database of their own on one server; they
/// and the peer take turns.
/// </summary>
internal static class JournalBench
{
    private const int FewRows = 1_000;
    private const int Connections = 64;

    // In one second the compiler takes a core from what is to be measured next.
    private static readonly TimeSpan Compiling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CountedWithin = TimeSpan.FromMinutes(15);

    public static async Task<int> Run(int rows, int rounds, int seconds)
    {
        using var server = PostgresServer.StartDurable();
        await using var few = NpgsqlDataSource.Create(server.CreateDatabase());
        await using var many = NpgsqlDataSource.Create(server.CreateDatabase());
        await using var theirs = NpgsqlDataSource.Create(server.CreateDatabase());
        var migrated = await GatehouseProcess.Run(BoxOffice.Settings(theirs.ConnectionString), ["migrate", "up"]);
        if (migrated.ExitCode != 0)
        {
            throw new InvalidOperationException($"gatehouse migrate up failed.\n{migrated.Output}\n{migrated.Errors}");
        }

        // Two programs and the peer share what the server has of connections.
        var pool = ("GATEHOUSE_DATABASE__POOLMAX", "16");
        using var programOfFew = await BoxOffice.Open(few.ConnectionString, pool);
        using var programOfMany = await BoxOffice.Open(many.ConnectionString, pool);
        var ofFew = await Fill(programOfFew, few, FewRows);
        var ofMany = await Fill(programOfMany, many, rows);
        var peer = new InsertPeer(theirs, new BookingPlan(rounds, seconds, [Connections]));
        var machine = Machine.Describe(await new JournalFill(many).Ask<string>("SHOW server_version"));
        Announce(machine, rows, seconds);
        // Until the program is compiled as it stays.
        _ = (await ofFew.Run(Compiling), await ofMany.Run(Compiling));

        var turns = new List<JournalRound>();
        for (var round = 1; round <= rounds; round++)
        {
            var turn = new JournalRound(
                await Turn(round, ofFew, seconds), await Turn(round, ofMany, seconds), await peer.Run());
            turns.Add(turn);
            Console.WriteLine($"{round,5} {"",9} {"pgbench's INSERT",-18} {turn.PgBench,9:N0}");
        }

        return await Conclude(new JournalReport(TimeProvider.System.GetUtcNow(), machine, rows, turns));
    }

    private static async Task<JournalLoad> Fill(BoxOffice program, NpgsqlDataSource database, int entries)
    {
        await program.Register();
        var fill = new JournalFill(database);
        await fill.Write(BoxOffice.EmailOf(0), entries);
        await fill.Settle();
        await Poll.Until(
            async () => await fill.Ask<int>("SELECT min(generation) FROM journal.journals") > 0,
            CountedWithin,
            "the statistics to be counted");
        await fill.Keep();
        Console.WriteLine($"{entries:N0} entries are there");
        var postmaster = ProcessFacts.ParentOf(await fill.Ask<int>("SELECT pg_backend_pid()"));
        var others = new List<string>();
        for (var buyer = 1; buyer < BoxOffice.Buyers; buyer++)
        {
            others.Add(await program.Token(buyer));
        }

        return new JournalLoad(program, fill, entries, await program.Token(0), others, postmaster);
    }

    private static void Announce(Machine machine, int rows, int seconds) => Console.WriteLine(
        $"""
        {machine.Cores} cores of {machine.Processor}, PostgreSQL {machine.Postgres} with fsync on, .NET {machine.DotNet}
        One person with {FewRows:N0} entries and one with {rows:N0}, {Connections} connections, {seconds} s each

        round   entries                    a second   p50 (ms)  gatehouse   postgres (µs of processor time)
        """);

    private static async Task<JournalTurn> Turn(int round, JournalLoad load, int seconds)
    {
        var turn = await load.Run(TimeSpan.FromSeconds(seconds));
        foreach (var (name, cost) in turn.All)
        {
            Console.WriteLine(
                $"{round,5} {load.Entries,9:N0} {name,-18} {cost.PerSecond,9:N0} {cost.P50Ms,10:N1} " +
                $"{cost.GatehouseMicroseconds,10:N0} {cost.PostgresMicroseconds,10:N0}");
        }

        return turn;
    }

    private static async Task<int> Conclude(JournalReport report)
    {
        Console.WriteLine();
        foreach (var promise in report.Promises)
        {
            var bound = promise.Min is { } min ? $"at least {min}" : $"at most {promise.Max}";
            Console.WriteLine(
                $"{promise.What,-60} {promise.Ratio,7:N2}×  ({bound}: {(promise.IsKept ? "kept" : "NOT KEPT")})");
        }

        Console.WriteLine($"written   {await Results.Write("journal", report)}");
        return report.Promises.All(promise => promise.IsKept) ? 0 : 1;
    }
}

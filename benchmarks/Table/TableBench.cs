using Gatehouse.Bench.Booking;
using Gatehouse.Bench.Load;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Bench.Table;

/// <summary>
/// The same load on a nearly empty table and on a full one, in turns; then a page at the top of a long list, and one
/// at its end.
/// </summary>
internal sealed class TableBench(BoxOffice office, TableFill fill, Guid hot, int rows) : IDisposable
{
    private const int FewRows = 1_000;
    private const int Connections = 64;
    private const int Created = 201;
    private const int Reader = 0;
    private const double RatioMin = 0.9;
    private const double DepthRatioMax = 1.2;

    private BoxOffice Office => office;

    private TableFill Fill => fill;

    public static async Task<int> Run(int rows, int rounds, int seconds)
    {
        using var server = PostgresServer.StartDurable();
        using var many = await Open(server, rows);
        var plan = new BookingPlan(rounds, seconds, [Connections]);
        var turns = new List<TableRound>();
        Console.WriteLine($"Bookings a second with {FewRows:N0} and with {rows:N0} in the table, {seconds} s a turn\n");
        for (var round = 1; round <= rounds; round++)
        {
            // Anew each time: a turn leaves ten thousands of bookings behind.
            using var few = await Open(server, FewRows);
            var turn = new TableRound(await few.Load(plan), await many.Load(plan));
            turns.Add(turn);
            Console.WriteLine($"{round,5} {turn.Few,10:N0} {turn.Many,10:N0}");
        }

        var lists = new List<PagingCost>();
        await many.Fill.Publish(rows);
        await many.Fill.Settle();
        foreach (var (path, token) in new[]
        {
            ("/bookings?", await many.Office.Token(Reader)),
            ("/events?mine=true", await many.Office.OrganizerToken()),
        })
        {
            lists.Add(await PagingCost.Of(many.Office, token, path, rows, TimeSpan.FromSeconds(seconds)));
            Console.WriteLine(lists[^1].Describe());
        }

        var report = new TableReport(TimeProvider.System.GetUtcNow(), rows, turns, lists);
        Console.WriteLine(
            $"""

            rate      {report.Ratio:N2} of what it is with {FewRows:N0} (medians of the rounds; at least {RatioMin})
            depth     {report.DepthRatio:N2} of what a page costs at the top, the worse list (at most {DepthRatioMax})
            written   {await Results.Write("table", report)}
            """);
        return report.Ratio >= RatioMin && report.DepthRatio <= DepthRatioMax ? 0 : 1;
    }

    public void Dispose() => office.Dispose();

    private static async Task<TableBench> Open(PostgresServer server, int rows)
    {
        var database = NpgsqlDataSource.Create(server.CreateDatabase());
        var office = await BoxOffice.Open(database.ConnectionString);
        await office.Register();
        var hot = await office.Publish("Hot");
        await office.Publish("Another");
        var fill = new TableFill(database);
        await fill.Book(hot, BoxOffice.EmailOf(Reader), rows);
        await fill.Settle();
        Console.WriteLine($"{rows:N0} bookings are there");
        return new TableBench(office, fill, hot, rows);
    }

    private async Task<double> Load(BookingPlan plan)
    {
        await fill.Settle();
        var load = ClosedLoop.Run(
            office.Endpoint, await office.BookingRequests(hot), Connections, Created, plan.WarmUp, plan.Counted);
        return load.Refused == 0
            ? load.PerSecond
            : throw new InvalidOperationException($"With {rows:N0} one was refused: {load.FirstRefusal}");
    }
}

/// <summary>What <c>benchmarks/results/table.json</c> holds.</summary>
internal sealed record TableReport(
    DateTimeOffset MeasuredAt, int Rows, IReadOnlyList<TableRound> Rounds, IReadOnlyList<PagingCost> Lists)
{
    public double Ratio =>
        BookingReport.Median(Rounds.Select(round => round.Many)) /
        BookingReport.Median(Rounds.Select(round => round.Few));

    public double DepthRatio => Lists.Max(list => list.Ratio);
}

/// <summary>Bookings a second.</summary>
internal sealed record TableRound(double Few, double Many);

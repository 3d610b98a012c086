using Gatehouse.Bench.Load;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Bench.Booking;

/// <summary>One hot event on SQLite: buyers over HTTP, and a plain loop on the same file, in turns.</summary>
internal static class SqliteBench
{
    private const int Created = 201;
    private const double RatioMin = 3;

    public static async Task<int> Run(BookingPlan plan)
    {
        SqliteLibrary.Load();
        var folder = ScratchFolder.Create();
        var file = Path.Combine(folder, "ticketing.db");
        using var office = await BoxOffice.OpenOnSqlite(folder);
        await office.Register();
        var peer = new SqlitePeer(file);
        var connections = plan.Connections[0];
        Console.WriteLine(
            $"""
            One hot event on SQLite with fsync on, {connections} connections, {plan.Seconds} s a turn

            round  bookings/s        loop      p50      p99      max (ms)
            """);

        var rounds = new List<SqliteRound>();
        for (var number = 1; number <= plan.Rounds; number++)
        {
            var eventId = await office.Publish($"Round {number}");
            var requests = await office.BookingRequests(eventId);
            var load = ClosedLoop.Run(office.Endpoint, requests, connections, Created, plan.WarmUp, plan.Counted);
            var booked = Count(file, eventId);
            if (load.Refused > 0 || booked != load.Accepted)
            {
                await Console.Error.WriteLineAsync(
                    $"{load.Accepted} acknowledged, {booked} booked, {load.Refused} refused.\n{load.FirstRefusal}");
                return 1;
            }

            var round = new SqliteRound(
                load.PerSecond,
                peer.Run(plan.WarmUp, plan.Counted),
                load.Percentile(0.50),
                load.Percentile(0.99),
                load.MaxMs);
            rounds.Add(round);
            Console.WriteLine(
                $"{number,5} {round.Gatehouse,11:N0} {round.Loop,11:N0} {round.P50Ms,8:N1} {round.P99Ms,8:N1} " +
                $"{round.MaxMs,8:N1}");
        }

        var report = new SqliteReport(TimeProvider.System.GetUtcNow(), plan, rounds);
        Console.WriteLine(
            $"""

            median    {report.Gatehouse:N0}/s over HTTP, {report.Loop:N0}/s by the loop: {report.Ratio:N1}×
            promised  at least {RatioMin}×
            written   {await Results.Write("sqlite", report)}
            """);
        return report.Ratio >= RatioMin ? 0 : 1;
    }

    private static long Count(string file, Guid eventId)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM bookings WHERE event_id = $event AND status = 'confirmed'";
        command.Parameters.AddWithValue("$event", $"{eventId}");
        return (long)command.ExecuteScalar()!;
    }
}

/// <summary>What <c>benchmarks/results/sqlite.json</c> holds. Rates are bookings a second.</summary>
internal sealed record SqliteReport(DateTimeOffset MeasuredAt, BookingPlan Plan, IReadOnlyList<SqliteRound> Rounds)
{
    public double Gatehouse => BookingReport.Median(Rounds.Select(round => round.Gatehouse));

    public double Loop => BookingReport.Median(Rounds.Select(round => round.Loop));

    public double Ratio => Gatehouse / Loop;
}

internal sealed record SqliteRound(double Gatehouse, double Loop, double P50Ms, double P99Ms, double MaxMs);

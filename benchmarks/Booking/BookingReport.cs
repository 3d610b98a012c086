using System.Runtime.InteropServices;

namespace Gatehouse.Bench.Booking;

/// <summary>What <c>benchmarks/results/booking.json</c> holds. Rates are bookings a second.</summary>
internal sealed record BookingReport(
    DateTimeOffset MeasuredAt,
    Machine Machine,
    BookingPlan Plan,
    double ReadyMs,
    double IdleMiB,
    IReadOnlyList<BookingRound> Rounds)
{
    public const double RatioMin = 5;
    public const double P99MsMax = 150;

    public double PgBenchMedian => Median(Rounds.Select(round => round.PgBench));

    public IReadOnlyList<BookingSummary> Summaries =>
        [.. Plan.Connections.Select(connections => Summary(connections))];

    /// <summary>The latency is promised of the fewest connections, the rate of all.</summary>
    public bool KeepsItsPromise =>
        Summaries.All(summary => summary.Ratio >= RatioMin) && Summaries[0].P99Ms < P99MsMax;

    /// <summary>Answers its path from the root.</summary>
    public Task<string> Write() => Results.Write("booking", this);

    public static double Median(IEnumerable<double> of)
    {
        var values = of.Order().ToArray();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private BookingSummary Summary(int connections)
    {
        var turns = Rounds.SelectMany(round => round.Turns).Where(turn => turn.Connections == connections).ToList();
        var rate = Median(turns.Select(turn => turn.PerSecond));
        return new BookingSummary(
            connections,
            rate,
            rate / PgBenchMedian,
            Median(turns.Select(turn => turn.P50Ms)),
            Median(turns.Select(turn => turn.P99Ms)),
            turns.Max(turn => turn.MaxMs));
    }
}

/// <summary>A turn of ours at each number of connections, and one of the peer.</summary>
internal sealed record BookingRound(IReadOnlyList<BookingTurn> Turns, double PgBench);

/// <summary>The three costs are processor time for one booking.</summary>
internal sealed record BookingTurn(
    int Connections,
    double PerSecond,
    double P50Ms,
    double P99Ms,
    double MaxMs,
    double GatehouseMicroseconds,
    double PostgresMicroseconds,
    double ClientMicroseconds);

/// <summary>Medians of the rounds; the longest latency of all.</summary>
internal sealed record BookingSummary(
    int Connections, double PerSecond, double Ratio, double P50Ms, double P99Ms, double MaxMs);

internal sealed record Machine(
    int Cores, string Processor, double MemoryGiB, string System, string DotNet, string Postgres)
{
    public static Machine Describe(string postgres) => new(
        Environment.ProcessorCount,
        ProcessorName(),
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.OSDescription,
        Environment.Version.ToString(),
        postgres);

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}

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
    public double GatehouseMedian => Median(r => r.Gatehouse);

    public double PgBenchMedian => Median(r => r.PgBench);

    public double Ratio => GatehouseMedian / PgBenchMedian;

    public double P50Ms => Median(r => r.P50Ms);

    public double P99Ms => Median(r => r.P99Ms);

    public double MaxMs => Rounds.Max(r => r.MaxMs);

    /// <summary>Answers its path from the root.</summary>
    public Task<string> Write() => Results.Write("booking", this);

    private double Median(Func<BookingRound, double> value)
    {
        var values = Rounds.Select(value).Order().ToArray();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}

/// <summary>One turn of each. The three costs are processor time for one booking.</summary>
internal sealed record BookingRound(
    double Gatehouse,
    double PgBench,
    double P50Ms,
    double P99Ms,
    double MaxMs,
    double GatehouseMicroseconds,
    double PostgresMicroseconds,
    double ClientMicroseconds);

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

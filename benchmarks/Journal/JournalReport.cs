using Gatehouse.Bench.Booking;

namespace Gatehouse.Bench.Journal;

/// <summary>
/// What <c>benchmarks/results/journal.json</c> holds. A cost is processor time of the program and of PostgreSQL for one
/// request; what is compared are medians of the rounds.
/// </summary>
internal sealed record JournalReport(
    DateTimeOffset MeasuredAt, Machine Machine, int Rows, IReadOnlyList<JournalRound> Rounds)
{
    public IReadOnlyList<JournalPromise> Promises =>
    [
        new("a page at the top costs, against 1,000", Costs(turn => turn.Top), Max: 1.3),
        new("a page at nine tenths costs, against the top of 1,000", Costs(t => t.Deep, t => t.Top), Max: 1.3),
        new("a create costs, against 1,000", Costs(turn => turn.Create), Max: 1.3),
        new("statistics of a year cost, against 1,000", Costs(turn => turn.Stats), Max: 3),
        new("creates over HTTP, against pgbench's INSERT", Many(turn => turn.Create.PerSecond) / Peer, Min: 0.5),
        new("creates of fifteen people, against the same", Many(t => t.CreateOfMany.PerSecond) / Peer, Min: 0.5),
        new(
            "first pages kept, against second pages, which are read",
            Many(Rate(turn => turn.FirstKept)) / Many(Rate(turn => turn.Second)),
            Min: 5),
        new("statistics kept, against counted anew", Many(Rate(t => t.StatsKept)) / Many(Rate(t => t.Stats)), Min: 5),
    ];

    public double Peer => BookingReport.Median(Rounds.Select(round => round.PgBench));

    private double Costs(Func<JournalTurn, JournalCost> of, Func<JournalTurn, JournalCost>? few = null) =>
        Many(turn => of(turn).Microseconds) /
        BookingReport.Median(Rounds.Select(round => (few ?? of)(round.Few).Microseconds));

    private double Many(Func<JournalTurn, double> of) => BookingReport.Median(Rounds.Select(round => of(round.Many)));

    private static Func<JournalTurn, double> Rate(Func<JournalTurn, JournalCost> of) => turn => of(turn).PerSecond;
}

/// <summary>The same with few entries and with many, and the peer's transactions a second.</summary>
internal sealed record JournalRound(JournalTurn Few, JournalTurn Many, double PgBench);

/// <param name="FirstKept">The first page with the total, which is kept.</param>
/// <param name="Second">The second with the total, which is not.</param>
/// <param name="Top">A page after a cursor at the top.</param>
/// <param name="Deep">The page at nine tenths of the list.</param>
/// <param name="StatsKept">Statistics of one year, asked again and again.</param>
/// <param name="Stats">Of a year that was not asked for before.</param>
/// <param name="Create">A new entry of that one person.</param>
/// <param name="CreateOfMany">New entries of fifteen others.</param>
internal sealed record JournalTurn(
    JournalCost FirstKept,
    JournalCost Second,
    JournalCost Top,
    JournalCost Deep,
    JournalCost StatsKept,
    JournalCost Stats,
    JournalCost Create,
    JournalCost CreateOfMany)
{
    public IEnumerable<(string Name, JournalCost Cost)> All =>
    [
        ("first page, kept", FirstKept), ("second page", Second), ("page at the top", Top), ("page at 0.9", Deep),
        ("statistics, kept", StatsKept), ("statistics", Stats), ("create", Create), ("create of 15", CreateOfMany),
    ];
}

/// <summary>With 64 connections; the last two are processor time for one request.</summary>
internal sealed record JournalCost(
    double PerSecond, double P50Ms, double GatehouseMicroseconds, double PostgresMicroseconds)
{
    public double Microseconds => GatehouseMicroseconds + PostgresMicroseconds;
}

internal sealed record JournalPromise(string What, double Ratio, double? Min = null, double? Max = null)
{
    public bool IsKept => Ratio >= (Min ?? Ratio) && Ratio <= (Max ?? Ratio);
}

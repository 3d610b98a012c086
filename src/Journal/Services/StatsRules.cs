using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>What may be asked of statistics.</summary>
internal static class StatsRules
{
    private static readonly DateOnly Earliest = new(1900, 1, 1);
    private static readonly DateOnly Latest = new(2200, 1, 1);

    /// <summary>Says every fault of what is given.</summary>
    public static void Check(this StatsQuery query, Faults faults)
    {
        faults.Whole("window", query.Window, 1, StatsQuery.WindowMax);
        CheckRange(query.From, query.Until, "from", "until", faults);
        CheckRange(query.CompareFrom, query.CompareUntil, "compareFrom", "compareUntil", faults);
        faults.Require(
            query.CompareFrom is not null || query.CompareUntil is null, "compareFrom", "goes with compareUntil");
        faults.Require(
            query.CompareUntil is not null || query.CompareFrom is null, "compareUntil", "goes with compareFrom");
    }

    /// <summary>With what was not given; until tomorrow where no end is. Null where there is a fault.</summary>
    public static StatsRange? ToRange(this StatsQuery query, DateOnly today, Faults faults)
    {
        query.Check(faults);
        if (faults.Any)
        {
            return null;
        }

        var until = query.Until ?? today.AddDays(1);
        var from = query.From ?? until.AddDays(-StatsQuery.DaysDefault);
        CheckRange(from, until, "from", "until", faults);
        return faults.Any
            ? null
            : new StatsRange(
                new DayRange(from, until),
                query.Window,
                query is { CompareFrom: { } first, CompareUntil: { } end } ? new DayRange(first, end) : null);
    }

    private static void CheckRange(DateOnly? from, DateOnly? until, string first, string end, Faults faults)
    {
        faults.Require(!IsOutside(from), first, "must be from 1900-01-01 to 2200-01-01");
        faults.Require(!IsOutside(until), end, "must be from 1900-01-01 to 2200-01-01");
        if (from is { } start && until is { } stop && faults.Require(start < stop, first, $"must be before {end}"))
        {
            faults.Require(
                stop.DayNumber - start.DayNumber <= StatsQuery.DaysMax, end, "must be 100 years later at most");
        }
    }

    private static bool IsOutside(DateOnly? day) => day < Earliest || day > Latest;
}

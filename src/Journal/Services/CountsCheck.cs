using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Goes through a journal a few thousand entries at a time. Each statement sees entries and counts of one moment, so
/// that nobody has to stop writing.
/// </summary>
internal sealed class CountsCheck(
    ICountsStateRepository states, ICountsCheckRepository check, CountsBuilding building) : IJournalCheck
{
    private const int JournalsMax = 100;
    private const int DifferencesMax = 1_000;
    private const int EntriesAtOnce = 5_000;
    private const int DaysAtOnceMax = 3_660;
    private const int AttemptsMax = 5;

    public async Task<IReadOnlyList<Guid>> Journals(Guid after, CancellationToken cancellation) =>
        [.. (await states.List(new UserId(after), JournalsMax, cancellation)).Select(owner => owner.Value)];

    public Task Repair(Guid user, CancellationToken cancellation) => Rebuild(new UserId(user), cancellation);

    public async Task<IReadOnlyList<CountDifference>> Check(Guid user, CancellationToken cancellation)
    {
        var owner = new UserId(user);
        for (var attempt = 0; ; attempt++)
        {
            if (await states.Find(owner, cancellation) is not { } state)
            {
                return [];
            }

            if (state.Generation == 0)
            {
                return [new CountDifference("generation", null, null, [1], [0])];
            }

            // Another generation in between: what was compared was being deleted.
            var found = await Compare(owner, state, cancellation);
            if (found.Count == 0 || (await states.Find(owner, cancellation))?.Generation == state.Generation ||
                attempt == AttemptsMax)
            {
                return found;
            }
        }
    }

    private async Task Rebuild(UserId owner, CancellationToken cancellation)
    {
        await building.Restart(owner, cancellation);
        await building.Finish(owner, _ => Task.CompletedTask, cancellation);
    }

    private async Task<List<CountDifference>> Compare(
        UserId owner, CountsState state, CancellationToken cancellation)
    {
        var (found, zone) = (new List<CountDifference>(), CountsState.ZoneOf(state.TimeZone));
        var span = await check.Span(owner, state.Generation, cancellation);
        if (span.Counted != span.Entries)
        {
            found.Add(new CountDifference("entries", null, null, [span.Counted], [span.Entries]));
        }

        if (span.Range is not { } range)
        {
            return found;
        }

        var days = (int)Math.Clamp(
            (long)range.Days * EntriesAtOnce / Math.Max(1, span.Entries), 1, DaysAtOnceMax);
        for (var from = range.From; from < range.Until && found.Count < DifferencesMax; from = from.AddDays(days))
        {
            var part = new DayRange(from, from.AddDays(days));
            var (entries, rows) = await check.Days(owner, state.Generation, part, cancellation);
            found.AddRange(Differences(entries, rows, part, zone));
        }

        foreach (var month in range.Months().TakeWhile(_ => found.Count < DifferencesMax))
        {
            found.AddRange(await check.Month(owner, state.Generation, month, cancellation));
        }

        return [.. found.Take(DifferencesMax)];
    }

    private static IEnumerable<CountDifference> Differences(
        IReadOnlyList<CountedEntry> entries,
        IReadOnlyDictionary<MoodKey, MoodCounts> rows,
        DayRange days,
        TimeZoneInfo zone)
    {
        var none = new MoodCounts();
        var wanted = new MoodDeltas(zone);
        foreach (var entry in entries)
        {
            wanted.Add(entry.Mood, entry.Category, entry.Tags, entry.At);
        }

        var expected = wanted.Rows
            .Where(row => row.Key.Grain == MoodKey.Day && row.Key.Period >= days.From && row.Key.Period < days.Until)
            .ToDictionary(row => row.Key, row => new MoodCounts().Add([.. row.Moods.Select(mood => (long)mood)]));
        return
            from key in expected.Keys.Union(rows.Keys)
            let right = expected.GetValueOrDefault(key, none).Distribution
            let actual = rows.GetValueOrDefault(key, none).Distribution
            where !right.SequenceEqual(actual)
            select new CountDifference(key.Kind, key.Grain, key.Period, right, actual);
    }
}

using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class CountsCheckRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : ICountsCheckRepository
{
    // More than any zone is away from UTC, and any clock was ever put back.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(26);

    public async Task<CountsSpan> Span(UserId owner, int generation, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var row = (await session.QueryFirst<SpanRow>(Sql.Span, new { userId = owner.Value, generation }))!;
        DateOnly?[] days =
        [
            row.FirstPeriod,
            row.LastPeriod,
            row.FirstAt is { } first ? DateOnly.FromDateTime((first - Margin).UtcDateTime) : null,
            row.LastAt is { } last ? DateOnly.FromDateTime((last + Margin).UtcDateTime) : null,
        ];
        return new CountsSpan(
            row.Entries,
            row.Counted,
            days.Min() is { } from ? new DayRange(MoodKey.MonthOf(from), days.Max()!.Value.AddDays(1)) : null);
    }

    public async Task<(IReadOnlyList<CountedEntry> Entries, IReadOnlyDictionary<MoodKey, MoodCounts> Rows)> Days(
        UserId owner, int generation, DayRange days, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<CheckedRow>(Sql.Days, new
        {
            userId = owner.Value,
            generation,
            from = days.From,
            until = days.Until,
            start = StartOf(days.From) - Margin,
            end = StartOf(days.Until) + Margin,
        });
        return (
            [.. rows.Where(row => row.Kind == CheckedRow.Entry).Select(row => row.ToEntry())],
            rows.Where(row => row.Kind != CheckedRow.Entry).ToDictionary(row => row.ToKey(), row => row.ToCounts()));
    }

    public async Task<IReadOnlyList<CountDifference>> Month(
        UserId owner, int generation, DateOnly month, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<CheckedRow>(
            Sql.Month, new { userId = owner.Value, generation, month, next = month.AddMonths(1) });
        return
        [
            .. from row in rows
               group row by (row.Kind, row.Key) into both
               let days = Sum(both, MoodKey.Day)
               let whole = Sum(both, MoodKey.Month)
               where !days.SequenceEqual(whole)
               select new CountDifference(both.Key.Kind, MoodKey.Month, month, days, whole),
        ];
    }

    private static IReadOnlyList<long> Sum(IEnumerable<CheckedRow> rows, string grain) =>
        MoodCounts.Of(rows.Where(row => row.Grain == grain).Select(row => row.ToCounts())).Distribution;

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private sealed class SpanRow
    {
        public long Entries { get; init; }

        public long Counted { get; init; }

        public DateTimeOffset? FirstAt { get; init; }

        public DateTimeOffset? LastAt { get; init; }

        public DateOnly? FirstPeriod { get; init; }

        public DateOnly? LastPeriod { get; init; }
    }

    private static class Sql
    {
        private const string Moods = "m1, m2, m3, m4, m5, m6, m7, m8, m9, m10\n";

        public const string Span =
            """
            SELECT j.entries,
                (SELECT COUNT(*)
                 FROM entries e
                 WHERE e.user_id = j.user_id AND e.deleted_at IS NULL) AS counted,
                (SELECT MIN(e.at)
                 FROM entries e
                 WHERE e.user_id = j.user_id AND e.deleted_at IS NULL) AS first_at,
                (SELECT MAX(e.at)
                 FROM entries e
                 WHERE e.user_id = j.user_id AND e.deleted_at IS NULL) AS last_at,
                (SELECT MIN(c.period)
                 FROM mood_counts c
                 WHERE c.user_id = j.user_id AND c.generation = @generation) AS first_period,
                (SELECT MAX(c.period)
                 FROM mood_counts c
                 WHERE c.user_id = j.user_id AND c.generation = @generation) AS last_period
            FROM journals j
            WHERE j.user_id = @userId
            """;

        // Entries and counts in the columns of each other, so that one statement reads both.
        public const string Days =
            """
            SELECT kind, grain, period, key, CAST(NULL AS timestamptz) AS at, 0 AS mood, '' AS tags,
            """ + " " + Moods +
            """
            FROM mood_counts
            WHERE user_id = @userId AND generation = @generation AND kind IN ('all', 'hour', 'category', 'tag')
                AND grain = 'day' AND period >= @from AND period < @until
            UNION ALL
            SELECT 'entry', '', CAST(NULL AS date), category, at, mood, tags, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
            FROM entries
            WHERE user_id = @userId AND deleted_at IS NULL AND at >= @start AND at < @end
            """;

        // A month is the sum of its days: of those alone that are counted by month.
        public const string Month =
            """
            SELECT kind, 'month' AS grain, key,
            """ + " " + Moods +
            """
            FROM mood_counts
            WHERE user_id = @userId AND generation = @generation AND kind IN ('hour', 'category', 'tag')
                AND grain = 'month' AND period = @month
            UNION ALL
            SELECT kind, 'day', key, SUM(m1), SUM(m2), SUM(m3), SUM(m4), SUM(m5),
                SUM(m6), SUM(m7), SUM(m8), SUM(m9), SUM(m10)
            FROM mood_counts
            WHERE user_id = @userId AND generation = @generation AND kind IN ('hour', 'category', 'tag')
                AND grain = 'day' AND period >= @month AND period < @next
            GROUP BY kind, key
            """;
    }
}

using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class StatsRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : IStatsRepository
{
    private const int GroupsMax = 1_000;

    public async Task<StatsRows?> Read(
        UserId owner, int generation, StatsRange range, CancellationToken cancellation)
    {
        var (head, months, tail) = range.Range.Split();
        var compared = range.Compared ?? new DayRange(range.Range.From, range.Range.From);
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<CountsRow>(session.Text(Sql.Read.Sqlite, Sql.Read.Postgres), new
        {
            userId = owner.Value,
            generation,
            averagedFrom = range.Averaged.From,
            until = range.Range.Until,
            comparedFrom = compared.From,
            comparedUntil = compared.Until,
            headFrom = head.From,
            headUntil = head.Until,
            monthsFrom = months.From,
            monthsUntil = months.Until,
            tailFrom = tail.From,
            tailUntil = tail.Until,
            groupsMax = GroupsMax,
        });
        var parts = rows.ToLookup(row => row.Part, StringComparer.Ordinal);
        return parts["state"].Any()
            ? new StatsRows(
                parts["day"].ToDictionary(row => row.Period!.Value, row => row.ToDomain()),
                MoodCounts.Of(parts["compared"].Select(row => row.ToDomain())),
                [.. parts["written"].Select(row => row.Period!.Value)],
                parts[MoodKey.Hour].ToDictionary(
                    row => int.Parse(row.Key, CultureInfo.InvariantCulture), row => row.ToDomain()),
                Groups(parts[MoodKey.Category]),
                Groups(parts[MoodKey.Tag]))
            : null;
    }

    private static StatsGroups Groups(IEnumerable<CountsRow> rows)
    {
        var all = rows.ToList();
        return new StatsGroups([.. all.Select(row => (row.Key, row.ToDomain()))], all.FirstOrDefault()?.Groups ?? 0);
    }

    private static class Sql
    {
        private const string Moods = "m1, m2, m3, m4, m5, m6, m7, m8, m9, m10\n";
        private const string NoMoods = "0 AS m1, 0 AS m2, 0 AS m3, 0 AS m4, 0 AS m5, 0 AS m6, 0 AS m7, 0 AS m8, " +
            "0 AS m9, 0 AS m10\n";

        private const string Sums =
            """
            SUM(m1) AS m1, SUM(m2) AS m2, SUM(m3) AS m3, SUM(m4) AS m4, SUM(m5) AS m5,
                SUM(m6) AS m6, SUM(m7) AS m7, SUM(m8) AS m8, SUM(m9) AS m9, SUM(m10) AS m10

            """;

        private const string OfDays =
            """
            FROM mood_counts
            WHERE user_id = @userId AND generation = @generation AND kind = 'all' AND grain = 'day'

            """;

        private const string Grouped = "SELECT kind, key, " + Moods +
            """
            FROM mood_counts
            WHERE user_id = @userId AND generation = @generation AND kind IN ('hour', 'category', 'tag')

            """;

        private const string Parts =
            """
            WITH grouped AS (
            """ + Grouped +
            """
                AND grain = 'month' AND period >= @monthsFrom AND period < @monthsUntil
            UNION ALL

            """ + Grouped +
            """
                AND grain = 'day' AND period >= @headFrom AND period < @headUntil
            UNION ALL

            """ + Grouped +
            """
                AND grain = 'day' AND period >= @tailFrom AND period < @tailUntil
            ),
            summed AS (
                SELECT kind, key, COUNT(*) OVER (PARTITION BY kind) AS groups,
                    ROW_NUMBER() OVER (
                        PARTITION BY kind
                        ORDER BY SUM(m1 + m2 + m3 + m4 + m5 + m6 + m7 + m8 + m9 + m10) DESC, key) AS place,

            """ + Sums +
            """
                FROM grouped
                GROUP BY kind, key
            )
            SELECT 'state' AS part, CAST(NULL AS date) AS period, '' AS key, 0 AS groups,
            """ + " " + NoMoods +
            """
            FROM journals
            WHERE user_id = @userId AND generation = @generation

            """;

        private const string MoreParts =
            """
            UNION ALL
            SELECT 'day', period, '', 0,
            """ + " " + Moods + OfDays +
            """
                AND period >= @averagedFrom AND period < @until
            UNION ALL
            SELECT 'compared', period, '', 0,
            """ + " " + Moods + OfDays +
            """
                AND period >= @comparedFrom AND period < @comparedUntil
            UNION ALL
            SELECT 'written', period, '', 0,
            """ + " " + NoMoods + OfDays +
            """
            UNION ALL
            SELECT kind, CAST(NULL AS date), key, groups,
            """ + " " + Moods +
            """
            FROM summed
            WHERE place <= @groupsMax
            """;

        // One statement: whatever is written meanwhile, all its parts are of one moment. The columns of the parts are
        // those of the first.
        public static class Read
        {
            public const string Sqlite = Parts + MoreParts;

            // With this setting in it PostgreSQL plans no workers: to start them takes longer than all the rest.
            public const string Postgres = Parts +
                """
                    AND set_config('max_parallel_workers_per_gather', '0', true) IS NOT NULL

                """ + MoreParts;
        }
    }
}

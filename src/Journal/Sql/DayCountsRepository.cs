using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class DayCountsRepository(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database, ICountsStateRepository states) : IDayCounts
{
    public async Task Apply(UnitOfWork unit, UserId owner, IReadOnlyList<EntryChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        // Another text changes no figure, and yet what may be read.
        var state = await states.Count(unit, owner, changes.Sum(change => change.Added));
        await Add(unit, Rows(state, owner, changes.Where(change => change.IsCounted)));
    }

    public async Task ApplyNew(
        UnitOfWork unit, IReadOnlyList<Entry> entries, IReadOnlyDictionary<UserId, CountsState?> locked)
    {
        var journals = entries.GroupBy(entry => entry.Owner).ToList();
        var found = await states.CountNew(
            unit, [.. journals.Select(journal => new NewEntries(
                journal.Key, journal.Count(), locked.GetValueOrDefault(journal.Key)))]);
        await Add(unit, [.. journals.SelectMany(journal => Rows(
            found[journal.Key],
            journal.Key,
            journal.Select(entry => new EntryChange(entry.Id, Before: null, entry.Details))))]);
    }

    public Task Add(UnitOfWork unit, UserId owner, int generation, MoodDeltas deltas) => Add(
        unit, [.. deltas.Rows.Select(row => new CountRow(owner.Value, generation, row.Key, row.Moods))]);

    public async Task<IReadOnlyList<CountedEntry>> Next(UnitOfWork unit, UserId owner, Guid after, int limit)
    {
        var rows = await unit.Query<EntryRow>(Sql.Next, new { userId = owner.Value, after, limit });
        return [.. rows.Select(row => row.ToCounted())];
    }

    public async Task<int> DeleteStale(UserId owner, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var deleted = await unit.Execute(Sql.DeleteStale, new { userId = owner.Value, limit });
        await unit.Commit();
        return deleted;
    }

    private static List<CountRow> Rows(CountsState state, UserId owner, IEnumerable<EntryChange> changes)
    {
        var deltas = new Dictionary<int, MoodDeltas>();
        foreach (var change in changes)
        {
            foreach (var (generation, zone) in state.Counting(change.Id.Value))
            {
                if (!deltas.TryGetValue(generation, out var sum))
                {
                    deltas[generation] = sum = new MoodDeltas(zone);
                }

                sum.Add(change);
            }
        }

        return [.. from sum in deltas
                   from row in sum.Value.Rows
                   select new CountRow(owner.Value, sum.Key, row.Key, row.Moods)];
    }

    private static async Task Add(UnitOfWork unit, IReadOnlyList<CountRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await (unit.IsPostgres
            ? unit.PutOff(Sql.Add.Postgres, Columns(rows))
            : unit.Execute(Sql.Add.Sqlite, rows.Column(Row)));
        var fewer = rows.Where(row => row.Moods.Any(mood => mood < 0)).ToList();
        if (fewer.Count > 0)
        {
            await (unit.IsPostgres
                ? unit.PutOff(Sql.DeleteEmpty.Postgres, Columns(fewer))
                : unit.Execute(Sql.DeleteEmpty.Sqlite, fewer.Column(Row)));
        }
    }

    private static object Row(CountRow row) => new
    {
        userId = row.Owner,
        generation = row.Generation,
        kind = row.Key.Kind,
        grain = row.Key.Grain,
        period = row.Key.Period,
        key = row.Key.Key,
        m1 = row.Moods[0],
        m2 = row.Moods[1],
        m3 = row.Moods[2],
        m4 = row.Moods[3],
        m5 = row.Moods[4],
        m6 = row.Moods[5],
        m7 = row.Moods[6],
        m8 = row.Moods[7],
        m9 = row.Moods[8],
        m10 = row.Moods[9],
    };

    private static object Columns(IReadOnlyList<CountRow> rows) => new
    {
        userIds = rows.Column(row => row.Owner),
        generations = rows.Column(row => row.Generation),
        kinds = rows.Column(row => row.Key.Kind),
        grains = rows.Column(row => row.Key.Grain),
        periods = rows.Column(row => row.Key.Period),
        keys = rows.Column(row => row.Key.Key),
        m1 = rows.Column(row => row.Moods[0]),
        m2 = rows.Column(row => row.Moods[1]),
        m3 = rows.Column(row => row.Moods[2]),
        m4 = rows.Column(row => row.Moods[3]),
        m5 = rows.Column(row => row.Moods[4]),
        m6 = rows.Column(row => row.Moods[5]),
        m7 = rows.Column(row => row.Moods[6]),
        m8 = rows.Column(row => row.Moods[7]),
        m9 = rows.Column(row => row.Moods[8]),
        m10 = rows.Column(row => row.Moods[9]),
    };

    private sealed record CountRow(Guid Owner, int Generation, MoodKey Key, int[] Moods);

    private static class Sql
    {
        private const string Into =
            """
            INSERT INTO mood_counts (
                user_id, generation, kind, grain, period, key, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10)

            """;

        private const string AddUp =
            """

            ON CONFLICT (user_id, generation, kind, grain, period, key) DO UPDATE
            SET m1 = mood_counts.m1 + excluded.m1, m2 = mood_counts.m2 + excluded.m2,
                m3 = mood_counts.m3 + excluded.m3, m4 = mood_counts.m4 + excluded.m4,
                m5 = mood_counts.m5 + excluded.m5, m6 = mood_counts.m6 + excluded.m6,
                m7 = mood_counts.m7 + excluded.m7, m8 = mood_counts.m8 + excluded.m8,
                m9 = mood_counts.m9 + excluded.m9, m10 = mood_counts.m10 + excluded.m10
            """;

        private const string IsEmpty =
            """
                AND m1 = 0 AND m2 = 0 AND m3 = 0 AND m4 = 0 AND m5 = 0
                AND m6 = 0 AND m7 = 0 AND m8 = 0 AND m9 = 0 AND m10 = 0
            """;

        public const string Next =
            """
            SELECT id, mood, category, tags, at
            FROM entries
            WHERE user_id = @userId AND id > @after AND deleted_at IS NULL
            ORDER BY id
            LIMIT @limit
            """;

        // Generations never come back, and a build that begins has a number above all.
        public const string DeleteStale =
            """
            DELETE FROM mood_counts
            WHERE user_id = @userId AND (generation, kind, grain, period, key) IN (
                SELECT c.generation, c.kind, c.grain, c.period, c.key
                FROM mood_counts c
                JOIN journals j ON j.user_id = c.user_id
                WHERE c.user_id = @userId AND c.generation <> j.generation AND c.generation <= j.last_generation
                    AND c.generation <> COALESCE(j.building_generation, 0)
                LIMIT @limit)
            """;

        public static class Add
        {
            public const string Sqlite = Into +
                """
                VALUES (
                    @userId, @generation, @kind, @grain, @period, @key,
                    @m1, @m2, @m3, @m4, @m5, @m6, @m7, @m8, @m9, @m10)
                """ + AddUp;

            public const string Postgres = Into +
                """
                SELECT user_id, generation, kind, grain, period, key, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10
                FROM unnest(
                    CAST(@userIds AS uuid[]), CAST(@generations AS integer[]),
                    CAST(@kinds AS text[]), CAST(@grains AS text[]), CAST(@periods AS date[]), CAST(@keys AS text[]),
                    CAST(@m1 AS integer[]), CAST(@m2 AS integer[]), CAST(@m3 AS integer[]), CAST(@m4 AS integer[]),
                    CAST(@m5 AS integer[]), CAST(@m6 AS integer[]), CAST(@m7 AS integer[]), CAST(@m8 AS integer[]),
                    CAST(@m9 AS integer[]), CAST(@m10 AS integer[]))
                    AS d (user_id, generation, kind, grain, period, key, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10)
                """ + AddUp;
        }

        public static class DeleteEmpty
        {
            public const string Sqlite =
                """
                DELETE FROM mood_counts
                WHERE user_id = @userId AND generation = @generation AND kind = @kind AND grain = @grain
                    AND period = @period AND key = @key

                """ + IsEmpty;

            public const string Postgres =
                """
                DELETE FROM mood_counts c
                USING unnest(
                    CAST(@userIds AS uuid[]), CAST(@generations AS integer[]),
                    CAST(@kinds AS text[]), CAST(@grains AS text[]), CAST(@periods AS date[]), CAST(@keys AS text[]))
                    AS d (user_id, generation, kind, grain, period, key)
                WHERE c.user_id = d.user_id AND c.generation = d.generation AND c.kind = d.kind
                    AND c.grain = d.grain AND c.period = d.period AND c.key = d.key

                """ + IsEmpty;
        }
    }
}

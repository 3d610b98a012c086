using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class CountsStateRepository(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database, TimeProvider time) : ICountsStateRepository
{
    public async Task<CountsState> Count(UnitOfWork unit, UserId owner, int added) =>
        await unit.QueryFirst<CountsState>(
            added > 0 ? Sql.CountNew : Sql.Count, new { userId = owner.Value, added, state = NewState() })
        ?? throw new InvalidOperationException($"The journal of {owner} has entries and no row.");

    public async Task<IReadOnlyDictionary<UserId, CountsState>> CountNew(
        UnitOfWork unit, IReadOnlyList<NewEntries> added)
    {
        var states = new List<CountsState>(added.Count);
        if (unit.IsPostgres)
        {
            var locked = added.Where(one => one.Locked is not null).ToList();
            var others = added.Where(one => one.Locked is null).ToList();
            if (others.Count > 0)
            {
                states.AddRange(await unit.Query<CountsState>(Sql.CountMany.Postgres, Counted(others)));
            }

            if (locked.Count > 0)
            {
                await unit.PutOff(Sql.CountLocked.Postgres, Counted(locked));
                states.AddRange(locked.Select(one => one.Locked!));
            }
        }
        else
        {
            foreach (var one in added)
            {
                states.Add(await Count(unit, one.Owner, one.Count));
            }
        }

        return states.ToDictionary(state => new UserId(state.UserId));
    }

    public Task<CountsState?> Lock(UnitOfWork unit, UserId owner) => unit.QueryFirst<CountsState>(
        unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { userId = owner.Value });

    public async Task<IReadOnlyDictionary<UserId, CountsState?>> LockFree(
        UnitOfWork unit, IReadOnlyList<UserId> owners)
    {
        if (!unit.IsPostgres)
        {
            // One transaction at a time writes to SQLite: nobody else has locked anything.
            return owners.ToDictionary(owner => owner, _ => (CountsState?)null);
        }

        var free = await unit.Query<CountsState>(
            Sql.LockFree.Postgres, new { userIds = owners.Column(owner => owner.Value) });
        return free.ToDictionary(state => new UserId(state.UserId), state => (CountsState?)state);
    }

    public async Task<CountsState> LockOrMake(UnitOfWork unit, UserId owner) =>
        (await unit.QueryFirst<CountsState>(
            Sql.CountNew, new { userId = owner.Value, added = 0, state = NewState() }))!;

    public async Task Save(UnitOfWork unit, UserId owner, CountsState state)
    {
        var saved = await unit.Execute(Sql.Save, new
        {
            userId = owner.Value,
            timeZone = state.TimeZone,
            generation = state.Generation,
            lastGeneration = state.LastGeneration,
            buildingGeneration = state.BuildingGeneration,
            buildingZone = state.BuildingZone,
            builtUntil = state.BuiltUntil,
            zoneKnownAt = state.ZoneKnownAt,
            state = NewState(),
        });
        if (saved != 1)
        {
            throw new InvalidOperationException($"The journal of {owner} went under a lock.");
        }
    }

    public Task Recount(UnitOfWork unit, UserId owner) =>
        unit.Execute(Sql.Recount, new { userId = owner.Value });

    public async Task<CountsState?> Find(UserId owner, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<CountsState>(Sql.Find, new { userId = owner.Value });
    }

    public Task<IReadOnlyList<UserId>> Unbuilt(UserId after, int limit, CancellationToken cancellation) =>
        Ids(Sql.Unbuilt, after, limit, cancellation);

    public Task<IReadOnlyList<UserId>> List(UserId after, int limit, CancellationToken cancellation) =>
        Ids(Sql.List, after, limit, cancellation);

    private object Counted(List<NewEntries> added) => new
    {
        userIds = added.Column(one => one.Owner.Value),
        counts = added.Column(one => one.Count),
        states = added.Column(_ => NewState()),
    };

    // Whoever has read the journal until now has read another one.
    private Guid NewState() => Kernel.Ids.New(time.Now());

    private async Task<IReadOnlyList<UserId>> Ids(
        string sql, UserId after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var ids = await session.Query<Guid>(sql, new { after = after.Value, limit });
        return [.. ids.Select(id => new UserId(id))];
    }

    private static class Sql
    {
        private const string Columns =
            """
            user_id, entries, time_zone, generation, last_generation, building_generation, building_zone, built_until,
                zone_known_at

            """;

        // One that begins has nothing to build: its first generation is complete.
        public const string CountNew =
            """
            INSERT INTO journals (user_id, entries, generation, last_generation, state)
            VALUES (@userId, @added, 1, 1, @state)
            ON CONFLICT (user_id) DO UPDATE
            SET entries = journals.entries + @added, state = @state
            RETURNING
            """ + " " + Columns;

        public const string Count =
            """
            UPDATE journals
            SET entries = entries + @added, state = @state
            WHERE user_id = @userId
            RETURNING
            """ + " " + Columns;

        public const string Save =
            """
            UPDATE journals
            SET time_zone = @timeZone, generation = @generation, last_generation = @lastGeneration,
                building_generation = @buildingGeneration, building_zone = @buildingZone, built_until = @builtUntil,
                zone_known_at = @zoneKnownAt,
                state = CASE WHEN generation = @generation THEN state ELSE @state END
            WHERE user_id = @userId
            """;

        public const string Recount =
            """
            UPDATE journals
            SET entries = COALESCE((
                SELECT SUM(c.m1 + c.m2 + c.m3 + c.m4 + c.m5 + c.m6 + c.m7 + c.m8 + c.m9 + c.m10)
                FROM mood_counts c
                WHERE c.user_id = journals.user_id AND c.generation = journals.generation
                    AND c.kind = 'all' AND c.grain = 'day'), 0)
            WHERE user_id = @userId
            """;

        public const string Find = "SELECT " + Columns +
            """
            FROM journals
            WHERE user_id = @userId
            """;

        public const string Unbuilt =
            """
            SELECT user_id
            FROM journals
            WHERE (generation = 0 OR building_generation IS NOT NULL) AND user_id > @after
            ORDER BY user_id
            LIMIT @limit
            """;

        public const string List =
            """
            SELECT user_id
            FROM journals
            WHERE user_id > @after
            ORDER BY user_id
            LIMIT @limit
            """;

        public static class LockFree
        {
            public const string Postgres =
                "SELECT " + Columns +
                """
                FROM journals
                WHERE user_id = ANY(CAST(@userIds AS uuid[]))
                FOR UPDATE SKIP LOCKED
                """;
        }

        public static class CountLocked
        {
            public const string Postgres =
                """
                UPDATE journals
                SET entries = journals.entries + j.added, state = j.state
                FROM unnest(CAST(@userIds AS uuid[]), CAST(@counts AS integer[]), CAST(@states AS uuid[]))
                    AS j (user_id, added, state)
                WHERE journals.user_id = j.user_id
                """;
        }

        public static class CountMany
        {
            public const string Postgres =
                """
                INSERT INTO journals (user_id, entries, generation, last_generation, state)
                SELECT user_id, added, 1, 1, state
                FROM unnest(CAST(@userIds AS uuid[]), CAST(@counts AS integer[]), CAST(@states AS uuid[]))
                    AS j (user_id, added, state)
                ORDER BY user_id
                ON CONFLICT (user_id) DO UPDATE
                SET entries = journals.entries + excluded.entries, state = excluded.state
                RETURNING
                """ + " " + Columns;
        }

        public static class Lock
        {
            public const string Sqlite = Find;

            public const string Postgres = Find +
                """

                FOR UPDATE
                """;
        }
    }
}

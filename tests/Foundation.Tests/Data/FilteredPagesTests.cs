using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Tests.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Data;

/// <summary>Lists that administrators filter stay quick when the tables have grown.</summary>
public sealed class FilteredPagesTests
{
    [OnEveryDatabase]
    public async Task A_filtered_page_is_read_from_the_index_of_its_filter_and_never_sorted(DatabaseProvider provider)
    {
        await using var workshop = await Workshop.Open(provider);
        if (provider == DatabaseProvider.Postgres)
        {
            await Grow(workshop.Database);
        }

        foreach (var (text, index) in new[]
        {
            ("AuditReader+Sql.All", "audit_log_at"),
            ("AuditReader+Sql.OfAction", "audit_log_action"),
            ("AuditReader+Sql.OfActor", "audit_log_actor"),
            ("AuditReader+Sql.OfObject", "audit_log_object"),
            ("JobViewRepository+Sql.OfKind", "jobs_by_kind"),
            ("JobViewRepository+Sql.OfState", "jobs_by_state"),
        })
        {
            var plan = await Plan(workshop.Database, text);
            Assert.Contains(index, plan, StringComparison.Ordinal);
            foreach (var slow in new[] { "Seq Scan", "Sort", "SCAN", "TEMP B-TREE" })
            {
                Assert.False(plan.Contains(slow, StringComparison.Ordinal), $"{text}: {plan}");
            }
        }
    }

    private static async Task<string> Plan(Database database, string name)
    {
        var sql = Assert.Single(
            SqlTexts.Of(typeof(Database).Assembly, database.Provider),
            text => text.Name.EndsWith(name, StringComparison.Ordinal)).Text;
        await using var session = await database.Read(CancellationToken.None);
        var args = new
        {
            at = TimeProvider.System.Now(),
            from = DateTimeOffset.UnixEpoch,
            number = 0L,
            anyAction = true,
            action = "rare",
            @object = "event/1",
            anyActor = true,
            actor = Guid.Empty,
            rows = 21,
            kind = "rare",
            state = "dead",
            after = new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            limit = 21,
        };
        return string.Join('\n', session.IsPostgres
            ? await session.Query<string>($"EXPLAIN {sql}", args)
            : (await session.Query<Step>($"EXPLAIN QUERY PLAN {sql}", args)).Select(step => step.Detail));
    }

    // The planner goes by what is there: much, and little of what is asked for, all of it old.
    private static async Task Grow(Database database)
    {
        await using var unit = await database.Begin(CancellationToken.None);
        await unit.Execute("ALTER TABLE audit_log DISABLE TRIGGER USER");
        await unit.Execute(
            """
            INSERT INTO audit_log (number, at, actor, actor_kind, action, object, previous_hash, hash)
            SELECT i, now() - make_interval(secs => 30000 - i), gen_random_uuid(), 'user',
                CASE WHEN i < 30 THEN 'rare' ELSE 'usual' END, 'event/' || i % 1000, '', ''
            FROM generate_series(1, 30000) AS i;
            INSERT INTO jobs (id, kind, payload, state, due_at, attempts, created_at, finished_at)
            SELECT gen_random_uuid(), CASE WHEN i < 30 THEN 'rare' ELSE 'usual' END, '',
                CASE WHEN i < 60 THEN 'dead' ELSE 'done' END, now(), 1, now(), now()
            FROM generate_series(1, 30000) AS i;
            ANALYZE audit_log;
            ANALYZE jobs;
            """);
        await unit.Commit();
    }

    private sealed class Step
    {
        public string Detail { get; init; } = "";
    }
}

using System.Data.Common;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Audit;

public sealed class AuditLogTests
{
    private const int Rows = 7;

    [OnEveryDatabase]
    public async Task A_chain_verifies_and_says_who_did_what(DatabaseProvider provider)
    {
        await using var log = await Log.Open(provider);
        await log.Fill();

        var verdict = await log.Verify();

        Assert.Null(verdict.Fault);
        Assert.Equal(Rows, verdict.Rows);
        Assert.Equal(await log.Ask("SELECT hash FROM audit_log ORDER BY number DESC LIMIT 1"), verdict.Head);
        Assert.Equal("event/3|r-3|192.0.2.7|user|changed", await log.Ask(
            """
            SELECT object || '|' || request_id || '|' || client_address || '|' || actor_kind || '|' || action
            FROM audit_log WHERE number = 3
            """));
    }

    [OnEveryDatabase]
    public async Task Nothing_of_it_can_be_changed_deleted_or_put_in_the_wrong_place(DatabaseProvider provider)
    {
        await using var log = await Log.Open(provider);
        await log.Fill();
        string[] attempts =
        [
            "UPDATE audit_log SET action = 'nothing' WHERE number = 3",
            "DELETE FROM audit_log WHERE number = 7",
            "UPDATE audit_head SET number = 6",
            "DELETE FROM audit_head",
            """
            INSERT INTO audit_log (number, at, actor_kind, action, object, previous_hash, hash)
            VALUES (9, '2030-01-01T00:00:00.000000Z', 'user', 'a', 'b', 'c', 'd')
            """,
            .. provider == DatabaseProvider.Sqlite
                ?
                [
                    """
                    INSERT OR REPLACE INTO audit_log (number, at, actor_kind, action, object, previous_hash, hash)
                    SELECT number, at, actor_kind, 'nothing', object, previous_hash, hash
                    FROM audit_log
                    WHERE number = 3
                    """,
                ]
                : (string[])["TRUNCATE audit_log", "TRUNCATE audit_head"],
        ];
        foreach (var attempt in attempts)
        {
            await Assert.ThrowsAnyAsync<DbException>(() => log.Run(attempt));
        }

        Assert.Null((await log.Verify()).Fault);
    }

    [OnEveryDatabase]
    public async Task One_changed_byte_in_any_column_is_found_and_located(DatabaseProvider provider)
    {
        await using var log = await Log.Open(provider);
        await log.Fill();
        await log.TakeTriggersAway();
        var day = provider == DatabaseProvider.Postgres
            ? "at + INTERVAL '1 microsecond'"
            : "replace(at, '2030', '2031')";
        (string Column, string Change)[] changes =
        [
            ("number", "number + 1000"),
            ("at", day),
            ("actor", "'00000000-0000-7000-8000-000000000001'"),
            ("actor_kind", "'command'"),
            ("request_id", "request_id || ' '"),
            ("client_address", "NULL"),
            ("action", "'changee'"),
            ("object", "replace(object, '/', '-')"),
            ("before", "''"),
            ("after", "replace(after, '3', '4')"),
            ("previous_hash", "replace(previous_hash, substr(previous_hash, 1, 1), 'g')"),
            ("hash", "replace(hash, substr(hash, 64, 1), 'g')"),
        ];
        foreach (var (column, change) in changes)
        {
            await log.Run("CREATE TABLE copy AS SELECT * FROM audit_log WHERE number = 3");
            await log.Run($"UPDATE audit_log SET {column} = {change} WHERE number = 3");

            var verdict = await log.Verify();

            Assert.True(verdict.FirstBroken == 3, $"{column}: {verdict}");
            await log.Run("DELETE FROM audit_log WHERE number IN (3, 1003)");
            await log.Run("INSERT INTO audit_log SELECT * FROM copy");
            await log.Run("DROP TABLE copy");
            Assert.Null((await log.Verify()).Fault);
        }
    }

    [OnEveryDatabase]
    public async Task A_missing_row_a_cut_tail_and_a_row_past_the_head_are_found(DatabaseProvider provider)
    {
        await using var log = await Log.Open(provider);
        await log.Fill();
        await log.TakeTriggersAway();
        await log.Run("CREATE TABLE copy AS SELECT * FROM audit_log");

        await log.Run("DELETE FROM audit_log WHERE number = 4");
        var missing = await log.Verify();
        Assert.Equal((4L, "it is missing; row 5 follows"), (missing.FirstBroken!.Value, missing.Fault));

        await log.Run("DELETE FROM audit_log WHERE number > 4");
        await log.Run("INSERT INTO audit_log SELECT * FROM copy WHERE number = 4");
        var cut = await log.Verify();
        Assert.Equal((5L, "the tail is cut: rows to 7 are missing"), (cut.FirstBroken!.Value, cut.Fault));

        await log.Run("INSERT INTO audit_log SELECT * FROM copy WHERE number > 4");
        await log.Run("UPDATE audit_head SET number = 6, hash = (SELECT hash FROM copy WHERE number = 6)");
        var past = await log.Verify();
        Assert.Equal((7L, "row 7 stands past the head"), (past.FirstBroken!.Value, past.Fault));
    }

    [OnEveryDatabase]
    public async Task Writers_of_two_instances_make_one_chain_and_what_is_undone_is_no_gap(DatabaseProvider provider)
    {
        await using var log = await Log.Open(provider);
        await using var other = log.SecondInstance();

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            await using var unit = await (i % 2 == 0 ? log : other).Database.Begin(CancellationToken.None);
            log.Audit.Write(unit, new AuditFact("tried", $"thing/{i}"));
            if (i % 5 != 0)
            {
                await unit.Commit();
            }
        });

        var verdict = await log.Verify();
        Assert.Null(verdict.Fault);
        Assert.Equal(160, verdict.Rows);
    }

    /// <summary>A migrated database of one module, with the log on it.</summary>
    private sealed class Log(TestDatabase test, bool owned) : IAsyncDisposable
    {
        public Database Database { get; } = DataRegistration.Open("ticketing", test.Options);

        public AuditLog Audit { get; } = new(new ManualTime(
            new DateTimeOffset(2030, 1, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567)));

        public static async Task<Log> Open(DatabaseProvider provider)
        {
            var log = new Log(TestDatabase.Create(provider), owned: true);
            var migrator = new Migrator(
                [new MigratedDatabase(log.Database, typeof(AuditLogTests).Assembly)],
                TimeProvider.System,
                NullLogger<Migrator>.Instance);
            await migrator.Up(null, CancellationToken.None);
            return log;
        }

        public Log SecondInstance() => new(test, owned: false);

        public async Task Fill()
        {
            for (var i = 1; i <= Rows; i++)
            {
                RequestFacts.Begin(new RequestFacts(
                    ActorKind.User, new UserId(Guid.NewGuid()), $"r-{i}", System.Net.IPAddress.Parse("192.0.2.7")));
                await using var unit = await Database.Begin(CancellationToken.None);
                Audit.Write(unit, new AuditFact("changed", $"event/{i}")
                {
                    Before = """{"name":"Früher \u0000"}""",
                    After = $$"""{"version":{{i}}}""",
                });
                await unit.Commit();
            }
        }

        public Task<AuditVerdict> Verify() => AuditVerifier.Verify(Database, CancellationToken.None);

        public async Task<string?> Ask(string sql)
        {
            await using var session = await Database.Read(CancellationToken.None);
            return await session.QueryFirst<string>(sql);
        }

        public async Task Run(string sql)
        {
            await using var session = await Database.Read(CancellationToken.None);
            await session.Execute(sql);
        }

        /// <summary>As whoever owns the database may.</summary>
        public async Task TakeTriggersAway()
        {
            if (test.Provider == DatabaseProvider.Postgres)
            {
                await Run("ALTER TABLE audit_log DISABLE TRIGGER ALL");
                await Run("ALTER TABLE audit_head DISABLE TRIGGER ALL");
                return;
            }

            await using var session = await Database.Read(CancellationToken.None);
            foreach (var trigger in await session.Query<string>(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            {
                await session.Execute($"DROP TRIGGER {trigger}");
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Database.DisposeAsync();
            if (owned)
            {
                await test.DisposeAsync();
            }
        }
    }
}

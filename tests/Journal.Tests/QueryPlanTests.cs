using Gatehouse.Foundation.Data;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Tests;

/// <summary>A search reads what its owner has of the words, and an export its part, whatever others wrote.</summary>
public sealed class QueryPlanTests
{
    private const string Owner = "11111111-1111-7111-8111-111111111111";

    [Theory]
    [InlineData("FoundEntries+Sql+After.")]
    [InlineData("FoundEntries+Sql+Page.")]
    [InlineData("FoundEntries+Sql+Count.")]
    [InlineData("FoundEntries+Sql+Ids.")]
    public async Task Sqlite_reads_the_numbers_of_one_person_in_the_index_of_words(string text)
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        var plan = await Explain(diary, DatabaseProvider.Sqlite, "EXPLAIN QUERY PLAN ", text);
        // M1: by words; > and <: from the first of the person's numbers to the last.
        Assert.Contains("entry_search VIRTUAL TABLE INDEX 0:M1><", plan, StringComparison.Ordinal);
        Assert.Contains("n USING INTEGER PRIMARY KEY (rowid=?)", plan, StringComparison.Ordinal);
        Assert.Contains("(user_id=? AND id=?)", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sqlite_exports_by_id()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        var plan = await Explain(
            diary, DatabaseProvider.Sqlite, "EXPLAIN QUERY PLAN ", "EntryExportRepository+Sql.After");
        Assert.Contains("(user_id=? AND id>?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postgres_looks_for_the_words_of_one_person()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Postgres);
        await using var unit = await Database(diary).Begin(TestContext.Current.CancellationToken);
        await unit.Execute(
            """
            INSERT INTO entries (
                user_id, id, text, mood, category, tags, at, version, created_at, updated_at)
            SELECT
                CASE WHEN n % 10 = 0 THEN CAST('11111111-1111-7111-8111-111111111111' AS uuid)
                    ELSE CAST(md5(CAST(n % 7 AS text)) AS uuid) END,
                gen_random_uuid(),
                CASE WHEN n % 10 = 0 AND n % 1000 <> 0 THEN 'A swim in the river ' ELSE 'A walk by the river ' END || n,
                5, 'Outdoors', '[]',
                timestamptz '2030-01-01Z' + n * interval '1 minute', 1, '2030-01-01Z', '2030-01-01Z'
            FROM generate_series(1, 30000) n;
            ANALYZE entries
            """);
        await unit.Commit();

        foreach (var text in new[]
        {
            "FoundEntries+Sql+After.", "FoundEntries+Sql+Page.", "FoundEntries+Sql+Count.", "FoundEntries+Sql+Ids.",
        })
        {
            var plan = await Explain(diary, DatabaseProvider.Postgres, "EXPLAIN (ANALYZE, TIMING OFF) ", text);
            Assert.DoesNotContain("Seq Scan on entries", plan, StringComparison.Ordinal);
            Assert.Matches(@"Index Scan on entries_search .*actual rows=30 ", plan);
        }

        var export = await Explain(
            diary, DatabaseProvider.Postgres, "EXPLAIN ", "EntryExportRepository+Sql.After");
        Assert.Contains("entries_pkey", export, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on entries", export, StringComparison.Ordinal);
    }

    private static async Task<string> Explain(Diary diary, DatabaseProvider provider, string explain, string text)
    {
        var sql = SqlTexts.Of(typeof(JournalModule).Assembly, provider)
            .Single(found => found.Name.Contains(text, StringComparison.Ordinal)).Text;
        var args = new
        {
            userId = new Guid(Owner),
            id = text.Contains("Ids", StringComparison.Ordinal) || text.Contains("Export", StringComparison.Ordinal)
                ? Guid.Empty
                : new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            category = "",
            tag = "",
            moodMin = 1,
            moodMax = 10,
            from = DateTimeOffset.UnixEpoch,
            until = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero),
            at = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero),
            words = provider == DatabaseProvider.Postgres ? $"'{Owner[^12..]}wal':*" : "\"wal\"*",
            limit = 20,
            offset = 0,
        };
        await using var session = await Database(diary).Read(TestContext.Current.CancellationToken);
        if (provider == DatabaseProvider.Postgres)
        {
            // As a prepared statement is planned, before anything is known of what is asked for.
            await session.QueryFirst<string>("SELECT set_config('plan_cache_mode', 'force_generic_plan', false)");
        }

        return string.Join('\n', provider == DatabaseProvider.Postgres
            ? await session.Query<string>(explain + sql, args)
            : (await session.Query<Step>(explain + sql, args)).Select(step => step.Detail));
    }

    private static Database Database(Diary diary) =>
        diary.Get<IServiceProvider>().GetRequiredKeyedService<Database>(JournalModule.DatabaseName);

    private sealed class Step
    {
        public string Detail { get; init; } = "";
    }
}

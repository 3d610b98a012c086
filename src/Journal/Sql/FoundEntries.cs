using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Search;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Sql;

/// <summary>
/// Statements that look for words. The index of words is asked for the owner's alone; it knows no time, so that all
/// that has the words is read before the newest of it are known.
/// </summary>
internal static class FoundEntries
{
    public static (string After, string Page, string Count) For(DbSession session) => session.IsPostgres
        ? (Sql.After.Postgres, Sql.Page.Postgres, Sql.Count.Postgres)
        : (Sql.After.Sqlite, Sql.Page.Sqlite, Sql.Count.Sqlite);

    /// <summary>
    /// A session to look in. Where a bitmap of all that has a common word does not fit into memory, PostgreSQL makes
    /// the words of every row on the way again; this has room for some four gigabytes of one person's entries. It is a
    /// transaction there, so that the room ends with it.
    /// </summary>
    public static async Task<DbSession> Open(Database database, CancellationToken cancellation)
    {
        if (database.Provider != DatabaseProvider.Postgres)
        {
            return await database.Read(cancellation);
        }

        var unit = await database.Begin(cancellation);
        try
        {
            await unit.QueryFirst<string>(Sql.MakeRoom.Postgres);
            return unit;
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ids after one, in their order.</summary>
    public static string Ids(DbSession session) => session.Text(Sql.Ids.Sqlite, Sql.Ids.Postgres);

    /// <summary>As the statements take the words.</summary>
    public static string Query(DbSession session, UserId owner, IReadOnlyList<string> words) => session.IsPostgres
        ? SearchText.TsQuery(words, owner.Value.ToString()[^12..])
        : SearchText.Fts5Query(words);

    private static class Sql
    {
        public static class MakeRoom
        {
            // Who runs the server may have given more.
            public const string Postgres =
                """
                SELECT set_config('work_mem', '32MB', true)
                WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('32MB')
                """;
        }

        // CROSS JOIN: SQLite begins with what was found.
        private const string FromSqlite =
            """
            FROM entry_search
            CROSS JOIN entry_numbers n ON n.number = entry_search.rowid
            CROSS JOIN entries e ON e.user_id = n.user_id AND e.id = n.entry_id
            WHERE entry_search MATCH @words
                AND entry_search.rowid >
                    COALESCE((SELECT number << 32 FROM journal_numbers WHERE user_id = @userId), -1)
                AND entry_search.rowid <
                    COALESCE((SELECT (number + 1) << 32 FROM journal_numbers WHERE user_id = @userId), -1)

            """;

        // OFFSET 0 keeps all other conditions out, else a plan that expects few rows would read them by their time and
        // make the words of each: of a million in twenty seconds.
        private const string FromPostgres =
            """
            FROM (
                SELECT w.user_id, w.id, w.mood, w.category, w.at, w.deleted_at
                FROM entries w
                WHERE entry_words(w.user_id, w.text) @@ CAST(@words AS tsquery) AND w.deleted_at IS NULL
                OFFSET 0) e
            WHERE e.deleted_at IS NULL

            """;

        private const string Filtered =
            """
                AND e.user_id = @userId AND e.deleted_at IS NULL AND e.at >= @from
                AND e.mood BETWEEN @moodMin AND @moodMax
                AND (@category = '' OR e.category = @category)
                AND (@tag = '' OR EXISTS (
                    SELECT 1
                    FROM entry_tags t
                    WHERE t.user_id = e.user_id AND t.tag = @tag AND t.at = e.at AND t.entry_id = e.id))

            """;

        private const string Placed = Filtered +
            """
                AND (e.at, e.id) < (@at, @id)

            """;

        private const string Columns =
            """
            SELECT e.id, e.text, e.mood, e.category, e.tags, e.at, e.version, e.created_at, e.updated_at

            """;

        private const string Newest =
            """
            ORDER BY e.at DESC, e.id DESC
            LIMIT @limit
            """;

        // Apart from the order: PostgreSQL would look through all entries in their order for the few that match.
        private const string NewestPostgres =
            "WITH found AS MATERIALIZED (\nSELECT e.id, e.at\n" + FromPostgres + Placed + ")\n" + Columns +
            "FROM (SELECT id FROM found ORDER BY at DESC, id DESC LIMIT @limit";

        private const string OfFound =
            """
            ) part
            JOIN entries e ON e.user_id = @userId AND e.id = part.id
            ORDER BY e.at DESC, e.id DESC
            """;

        public static class After
        {
            public const string Sqlite = Columns + FromSqlite + Placed + Newest;
            public const string Postgres = NewestPostgres + OfFound;
        }

        public static class Page
        {
            public const string Sqlite = After.Sqlite + " OFFSET @offset";
            public const string Postgres = NewestPostgres + " OFFSET @offset" + OfFound;
        }

        public static class Count
        {
            public const string Sqlite = "SELECT COUNT(*)\n" + FromSqlite + Placed;
            public const string Postgres = "SELECT COUNT(*)\n" + FromPostgres + Placed;
        }

        private const string InOrder =
            """
                AND e.at < @until AND e.id > @id
            ORDER BY e.id
            LIMIT @limit
            """;

        public static class Ids
        {
            public const string Sqlite = "SELECT e.id\n" + FromSqlite + Filtered + InOrder;
            public const string Postgres =
                "WITH found AS MATERIALIZED (\nSELECT e.id\n" + FromPostgres + Filtered +
                """
                    AND e.at < @until AND e.id > @id)
                SELECT id
                FROM found
                ORDER BY id
                LIMIT @limit
                """;
        }
    }
}

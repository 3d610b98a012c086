using Npgsql;

namespace Gatehouse.Bench.Journal;

/// <summary>Entries as the program writes them, made by the database: a test of size, not of how they came.</summary>
internal sealed class JournalFill(NpgsqlDataSource database)
{
    private const int MinutesMax = 15;

    /// <summary>Three years of entries of this person, evenly spread, the last of them a moment ago.</summary>
    public async Task Write(string email, int entries)
    {
        await Run(Sql.Entries, ("email", email), ("rows", entries));
        await Run(Sql.Tags);
        await Run(Sql.Journal, ("rows", (long)entries));
    }

    /// <summary>Keeps what the program has counted, for <see cref="Reset"/>.</summary>
    public Task Keep() => Run(Sql.Keep);

    /// <summary>Takes away what was written since, so that so many are there as were filled in.</summary>
    public Task Reset() => Run(Sql.Reset);

    /// <summary>As autovacuum would, had it had the time.</summary>
    public async Task Settle()
    {
        await Run("VACUUM ANALYZE");
        await Run("CHECKPOINT");
    }

    public async Task<(DateTimeOffset At, Guid Id)> EntryAt(int depth)
    {
        await using var command = database.CreateCommand(Sql.AtDepth);
        command.Parameters.AddWithValue("depth", depth);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1));
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task Run(string sql, params (string Name, object Value)[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = MinutesMax * 60;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static class Sql
    {
        // Ids whose order is that of time, all older than those the program makes now.
        public const string Entries =
            """
            INSERT INTO journal.entries (
                user_id, id, text, mood, category, tags, at, version, created_at, updated_at)
            SELECT u.id, CAST('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid),
                'Walked by the river with a friend, entry number ' || n || '; the water was high and the evening mild.',
                1 + n * 7 % 10, 'Category ' || n % 8, '["tag' || n % 10 || '","walk' || n % 7 || '"]',
                now() - (interval '1095 days' / CAST(@rows AS double precision)) * (@rows - n), 1, now(), now()
            FROM generate_series(1, @rows) AS n
            CROSS JOIN (SELECT id FROM identity.users WHERE email = @email) u
            """;

        public const string Tags =
            """
            INSERT INTO journal.entry_tags (user_id, tag, at, entry_id)
            SELECT e.user_id, t.tag, e.at, e.id
            FROM journal.entries e
            CROSS JOIN json_array_elements_text(CAST(e.tags AS json)) AS t (tag)
            """;

        // Its statistics are still to be counted: the program does that by itself.
        public const string Journal =
            """
            INSERT INTO journal.journals (user_id, entries)
            SELECT user_id, @rows
            FROM journal.entries
            LIMIT 1
            """;

        public const string Keep =
            """
            CREATE TABLE kept_journals AS TABLE journal.journals;
            CREATE TABLE kept_counts AS TABLE journal.mood_counts;
            """;

        // Another state, since what the program keeps is of the one before.
        public const string Reset =
            """
            DELETE FROM journal.entries WHERE id > '01900000-0000-7000-8000-ffffffffffff';
            DELETE FROM journal.entry_tags WHERE entry_id > '01900000-0000-7000-8000-ffffffffffff';
            TRUNCATE journal.mood_counts, journal.journals;
            INSERT INTO journal.mood_counts SELECT * FROM kept_counts;
            INSERT INTO journal.journals SELECT * FROM kept_journals;
            UPDATE journal.journals SET state = gen_random_uuid();
            """;

        public const string AtDepth =
            """
            SELECT at, id
            FROM journal.entries
            ORDER BY user_id, at DESC, id DESC
            OFFSET @depth
            LIMIT 1
            """;
    }
}

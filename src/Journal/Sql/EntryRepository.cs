using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class EntryRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : IEntryRepository
{
    public async Task Insert(UnitOfWork unit, IReadOnlyList<Entry> entries)
    {
        await (unit.IsPostgres
            ? unit.PutOff(Sql.Insert.Postgres, new
            {
                userIds = entries.Column(e => e.Owner.Value),
                ids = entries.Column(e => e.Id.Value),
                texts = entries.Column(e => e.Details.Text),
                moods = entries.Column(e => e.Details.Mood),
                categories = entries.Column(e => e.Details.Category),
                tags = entries.Column(e => Json(e.Details.Tags)),
                ats = entries.Column(e => e.Details.At),
                createdAts = entries.Column(e => e.CreatedAt),
            })
            : unit.Execute(Sql.Insert.Sqlite, entries.Column(Args)));
        await Tag(unit, entries);
    }

    public async Task<Entry?> Lock(UnitOfWork unit, UserId owner, EntryId id)
    {
        var row = await unit.QueryFirst<EntryRow>(
            unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { userId = owner.Value, id = id.Value });
        return row?.ToDomain();
    }

    public async Task Update(UnitOfWork unit, Entry entry, CheckedEntry? before)
    {
        if (await unit.Execute(Sql.Update, Args(entry)) != 1)
        {
            throw new InvalidOperationException($"Entry {entry.Id} moved under a lock.");
        }

        if (before is not null)
        {
            await unit.Execute(Sql.Untag, TagArgs(entry, before));
        }

        if (entry.IsLive)
        {
            await Tag(unit, [entry]);
        }
    }

    public async Task<int> Prune(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var deleted = await unit.Execute(Sql.Prune, new { deletedBefore = now - Entry.RestorableFor, limit });
        await unit.Commit();
        return deleted;
    }

    private static async Task Tag(UnitOfWork unit, IReadOnlyList<Entry> entries)
    {
        var tags = entries.SelectMany(entry => TagArgs(entry, entry.Details)).ToList();
        if (tags.Count == 0)
        {
            return;
        }

        await (unit.IsPostgres
            ? unit.PutOff(Sql.Tag.Postgres, new
            {
                userIds = tags.Column(t => t.UserId),
                tags = tags.Column(t => t.Tag),
                ats = tags.Column(t => t.At),
                ids = tags.Column(t => t.Id),
            })
            : unit.Execute(Sql.Tag.Sqlite, tags));
    }

    private static List<TagRow> TagArgs(Entry entry, CheckedEntry details) =>
        [.. details.Tags.Select(tag => new TagRow(entry.Owner.Value, tag, details.At, entry.Id.Value))];

    private static object Args(Entry entry) => new
    {
        userId = entry.Owner.Value,
        id = entry.Id.Value,
        text = entry.Details.Text,
        mood = entry.Details.Mood,
        category = entry.Details.Category,
        tags = Json(entry.Details.Tags),
        at = entry.Details.At,
        version = entry.Version,
        createdAt = entry.CreatedAt,
        updatedAt = entry.UpdatedAt,
        deletedAt = entry.DeletedAt,
    };

    private static string Json(IReadOnlyList<string> tags) => JsonSerializer.Serialize(tags, JournalJson.Default.Tags);

    private sealed record TagRow(Guid UserId, string Tag, DateTimeOffset At, Guid Id);

    private static class Sql
    {
        public const string Update =
            """
            UPDATE entries
            SET text = @text, mood = @mood, category = @category, tags = @tags, at = @at,
                version = @version, updated_at = @updatedAt, deleted_at = @deletedAt
            WHERE user_id = @userId AND id = @id AND version = @version - 1
            """;

        public const string Untag =
            """
            DELETE FROM entry_tags
            WHERE user_id = @UserId AND tag = @Tag AND at = @At AND entry_id = @Id
            """;

        public const string Prune =
            """
            DELETE FROM entries
            WHERE (user_id, id) IN (
                SELECT user_id, id
                FROM entries
                WHERE deleted_at <= @deletedBefore
                ORDER BY deleted_at
                LIMIT @limit)
                AND deleted_at <= @deletedBefore
            """;

        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO entries (
                    user_id, id, text, mood, category, tags, at, version, created_at, updated_at)
                VALUES (@userId, @id, @text, @mood, @category, @tags, @at, 1, @createdAt, @createdAt)
                """;

            public const string Postgres =
                """
                INSERT INTO entries (
                    user_id, id, text, mood, category, tags, at, version, created_at, updated_at)
                SELECT user_id, id, text, mood, category, tags, at, 1, created_at, created_at
                FROM unnest(
                    CAST(@userIds AS uuid[]), CAST(@ids AS uuid[]), CAST(@texts AS text[]),
                    CAST(@moods AS integer[]), CAST(@categories AS text[]), CAST(@tags AS text[]),
                    CAST(@ats AS timestamptz[]), CAST(@createdAts AS timestamptz[]))
                    AS e (user_id, id, text, mood, category, tags, at, created_at)
                """;
        }

        public static class Tag
        {
            public const string Sqlite =
                """
                INSERT INTO entry_tags (user_id, tag, at, entry_id)
                VALUES (@UserId, @Tag, @At, @Id)
                """;

            public const string Postgres =
                """
                INSERT INTO entry_tags (user_id, tag, at, entry_id)
                SELECT user_id, tag, at, entry_id
                FROM unnest(
                    CAST(@userIds AS uuid[]), CAST(@tags AS text[]), CAST(@ats AS timestamptz[]),
                    CAST(@ids AS uuid[]))
                    AS t (user_id, tag, at, entry_id)
                """;
        }

        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT user_id, id, text, mood, category, tags, at, version, created_at, updated_at, deleted_at
                FROM entries
                WHERE user_id = @userId AND id = @id
                """;

            public const string Postgres = Sqlite +
                """

                FOR UPDATE
                """;
        }
    }
}

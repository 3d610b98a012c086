using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Search;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class EntryExportRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : IEntryExportRepository
{
    private static readonly DateTimeOffset Earliest = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<(IReadOnlyList<EntryView> Entries, EntryId? Last)> After(
        UserId owner, EntryFilter filter, EntryId after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<EntryRow>(Sql.After, Args(session, owner, filter, after, limit));
        return (
            [.. rows.Where(row => row.Passes == 1).Select(row => row.ToContract())],
            rows.Count == limit ? new EntryId(rows[^1].Id) : null);
    }

    public async Task<IReadOnlyList<EntryId>> Find(
        UserId owner, EntryFilter filter, EntryId after, int limit, CancellationToken cancellation)
    {
        await using var session = await FoundEntries.Open(database, cancellation);
        var ids = await session.Query<Guid>(
            FoundEntries.Ids(session), Args(session, owner, filter, after, limit));
        return ids.Column(id => new EntryId(id));
    }

    public async Task<IReadOnlyList<EntryView>> Read(
        UserId owner, IReadOnlyList<EntryId> ids, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var values = ids.Column(id => id.Value);
        var rows = session.IsPostgres
            ? await session.Query<EntryRow>(Sql.Read.Postgres, new { userId = owner.Value, ids = values })
            : await session.Query<EntryRow>(
                Sql.Read.Sqlite,
                new { userId = owner.Value, ids = $"[{string.Join(',', values.Select(id => $"\"{id}\""))}]" });
        return rows.Column(row => row.ToContract());
    }

    private static object Args(DbSession session, UserId owner, EntryFilter filter, EntryId after, int limit) => new
    {
        userId = owner.Value,
        id = after.Value,
        category = filter.Category ?? "",
        tag = filter.Tag ?? "",
        moodMin = filter.MoodMin,
        moodMax = filter.MoodMax,
        from = filter.From ?? Earliest,
        until = filter.Until ?? Latest,
        words = FoundEntries.Query(session, owner, SearchText.WordsOf(filter.Search)),
        limit,
    };

    private static class Sql
    {
        private const string Columns =
            """
            SELECT e.id, e.text, e.mood, e.category, e.tags, e.at, e.version, e.created_at, e.updated_at

            """;

        // What passes is no condition: by one of them a plan would look for a part among all entries.
        public const string After =
            """
            SELECT e.id, e.text, e.mood, e.category, e.tags, e.at, e.version, e.created_at, e.updated_at,
                CASE
                    WHEN e.deleted_at IS NULL AND e.at >= @from AND e.at < @until
                        AND e.mood BETWEEN @moodMin AND @moodMax
                        AND (@category = '' OR e.category = @category)
                        AND (@tag = '' OR EXISTS (
                            SELECT 1
                            FROM entry_tags t
                            WHERE t.user_id = e.user_id AND t.tag = @tag AND t.at = e.at AND t.entry_id = e.id))
                    THEN 1
                    ELSE 0
                END AS passes
            FROM entries e
            WHERE e.user_id = @userId AND e.id > @id
            ORDER BY e.id
            LIMIT @limit
            """;

        public static class Read
        {
            public const string Sqlite = Columns +
                """
                FROM entries e
                WHERE e.user_id = @userId AND e.id IN (SELECT value FROM json_each(@ids)) AND e.deleted_at IS NULL
                ORDER BY e.id
                """;

            public const string Postgres = Columns +
                """
                FROM entries e
                WHERE e.user_id = @userId AND e.id = ANY(@ids) AND e.deleted_at IS NULL
                ORDER BY e.id
                """;
        }
    }
}

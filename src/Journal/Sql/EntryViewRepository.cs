using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Search;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

/// <summary>Each list reads the index that fits its filter from where it stands; what is left is looked at row by row.
/// </summary>
internal sealed class EntryViewRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : IEntryViewRepository
{
    private static readonly DateTimeOffset Earliest = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<EntryView?> Find(UserId owner, EntryId id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var row = await session.QueryFirst<EntryRow>(Sql.Find, new { userId = owner.Value, id = id.Value });
        return row?.ToContract();
    }

    public async Task<Page<EntryView>> List(
        UserId owner, EntryFilter filter, PageRequest page, CancellationToken cancellation)
    {
        var words = SearchText.WordsOf(filter.Search);
        await using var session = await (words.Count > 0
            ? FoundEntries.Open(database, cancellation)
            : database.Read(cancellation));
        var texts = words.Count > 0 ? FoundEntries.For(session) : Sql.For(filter);
        var until = filter.Until ?? Latest;
        var after = page.After is { } place && place.At < until ? place : null;
        var args = new
        {
            userId = owner.Value,
            category = filter.Category ?? "",
            tag = filter.Tag ?? "",
            moodMin = filter.MoodMin,
            moodMax = filter.MoodMax,
            from = filter.From ?? Earliest,
            words = FoundEntries.Query(session, owner, words),
            // Before all that is at that very moment.
            at = after?.At ?? until,
            id = after?.Id ?? Guid.Empty,
            limit = page.Number is null ? page.Limit + 1 : page.Limit,
            offset = page.Offset,
        };
        var rows = await session.Query<EntryRow>(page.Number is null ? texts.After : texts.Page, args);
        if (page.Number is not null)
        {
            return new Page<EntryView>([.. rows.Select(row => row.ToContract())], page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(filter.IsEmpty ? Sql.Total : texts.Count, args),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var items = rows.Take(page.Limit).Select(row => row.ToContract()).ToList();
        return new Page<EntryView>(items, page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(items[^1].At, items[^1].Id).ToString() : null,
        };
    }

    private static class Sql
    {
        private const string Columns =
            """
            SELECT e.id, e.text, e.mood, e.category, e.tags, e.at, e.version, e.created_at, e.updated_at

            """;

        private const string Live =
            """
            FROM entries e
            WHERE e.user_id = @userId AND e.deleted_at IS NULL AND e.at >= @from AND (e.at, e.id) < (@at, @id)
                AND e.mood BETWEEN @moodMin AND @moodMax

            """;

        private const string OfCategory = Live +
            """
                AND e.category = @category

            """;

        // CROSS JOIN: SQLite begins with the tag then, whose entries are fewer. To PostgreSQL it is nothing.
        private const string Tagged =
            """
            FROM entry_tags t
            CROSS JOIN entries e
            WHERE t.user_id = @userId AND t.tag = @tag AND t.at >= @from AND (t.at, t.entry_id) < (@at, @id)
                AND e.user_id = t.user_id AND e.id = t.entry_id AND e.deleted_at IS NULL
                AND e.mood BETWEEN @moodMin AND @moodMax

            """;

        private const string TaggedOfCategory = Tagged +
            """
                AND e.category = @category

            """;

        private const string Newest =
            """
            ORDER BY e.at DESC, e.id DESC
            LIMIT @limit
            """;

        private const string NewestTagged =
            """
            ORDER BY t.at DESC, t.entry_id DESC
            LIMIT @limit
            """;

        private const string Skipping = " OFFSET @offset";
        private const string Counted = "SELECT COUNT(*)\n";

        public const string Find = Columns +
            """
            FROM entries e
            WHERE e.user_id = @userId AND e.id = @id AND e.deleted_at IS NULL
            """;

        public const string Total =
            """
            SELECT COALESCE(MAX(entries), 0)
            FROM journals
            WHERE user_id = @userId
            """;

        public const string After = Columns + Live + Newest;
        public const string Page = After + Skipping;
        public const string Count = Counted + Live;
        public const string AfterOfCategory = Columns + OfCategory + Newest;
        public const string PageOfCategory = AfterOfCategory + Skipping;
        public const string CountOfCategory = Counted + OfCategory;
        public const string AfterTagged = Columns + Tagged + NewestTagged;
        public const string PageTagged = AfterTagged + Skipping;
        public const string CountTagged = Counted + Tagged;
        public const string AfterTaggedOfCategory = Columns + TaggedOfCategory + NewestTagged;
        public const string PageTaggedOfCategory = AfterTaggedOfCategory + Skipping;
        public const string CountTaggedOfCategory = Counted + TaggedOfCategory;

        public static (string After, string Page, string Count) For(EntryFilter filter) => filter switch
        {
            { Tag: not null, Category: not null } =>
                (AfterTaggedOfCategory, PageTaggedOfCategory, CountTaggedOfCategory),
            { Tag: not null } => (AfterTagged, PageTagged, CountTagged),
            { Category: not null } => (AfterOfCategory, PageOfCategory, CountOfCategory),
            _ => (After, Page, Count),
        };
    }
}

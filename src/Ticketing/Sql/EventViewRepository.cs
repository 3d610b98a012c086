using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Search;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class EventViewRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IEventViewRepository
{
    // Nothing lasts longer, so nothing that began before can still run: the index is read from there on.
    private static readonly TimeSpan DurationMax = TimeSpan.FromDays(EventDetails.DaysMax);

    public async Task<EventId?> FindId(string slug, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<Guid?>(Sql.FindId, new { slug }) is { } id ? new EventId(id) : null;
    }

    public async Task<Page<EventView>> List(
        EventListing listing, PageRequest page, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var texts = Choose(session, listing);
        // What everyone sees has not ended.
        var from = listing.Organizer is null && listing.From < now ? now : listing.From;
        var since = from > DateTimeOffset.UnixEpoch + DurationMax ? from - DurationMax : DateTimeOffset.UnixEpoch;
        var args = new
        {
            now,
            from,
            since,
            until = listing.Until,
            organizer = listing.Organizer?.Value ?? Guid.Empty,
            isPublic = listing.Organizer is null,
            words = session.IsPostgres
                ? SearchText.TsQuery(listing.Words)
                : SearchText.Fts5Query(listing.Words),
            at = page.After is { } after && after.At > since ? after.At : since,
            id = page.After?.Id ?? Guid.Empty,
            rows = page.Number is null ? page.Limit + 1 : page.Limit,
            offset = page.Offset,
        };
        if (page.Number is not null)
        {
            var numbered = await session.Query<EventRow>(texts.Page, args);
            return new Page<EventView>([.. numbered.Select(row => row.ToContract(now))], page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(texts.Count, args),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var rows = await session.Query<EventRow>(texts.After, args);
        var items = rows.Take(page.Limit).Select(row => row.ToContract(now)).ToList();
        return new Page<EventView>(items, page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(items[^1].StartAt, items[^1].Id).ToString() : null,
        };
    }

    private static (string Page, string Count, string After) Choose(DbSession session, EventListing listing) =>
        listing switch
        {
            { Words.Count: > 0 } when session.IsPostgres =>
                (Sql.FoundPage.Postgres, Sql.FoundCount.Postgres, Sql.FoundAfter.Postgres),
            { Words.Count: > 0 } => (Sql.FoundPage.Sqlite, Sql.FoundCount.Sqlite, Sql.FoundAfter.Sqlite),
            { Organizer: not null } => (Sql.OwnPage, Sql.OwnCount, Sql.OwnAfter),
            _ => (Sql.PublishedPage, Sql.PublishedCount, Sql.PublishedAfter),
        };

    private sealed class EventRow
    {
        public Guid Id { get; init; }

        public string Slug { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Description { get; init; }

        public string? Venue { get; init; }

        public string? Address { get; init; }

        public DateTimeOffset? CancelUntil { get; init; }

        public DateTimeOffset StartAt { get; init; }

        public DateTimeOffset EndAt { get; init; }

        public string TimeZone { get; init; } = "";

        public long Price { get; init; }

        public string Currency { get; init; } = "";

        public string Status { get; init; } = "";

        public int Version { get; init; }

        public int Size { get; init; }

        public int Taken { get; init; }

        public long Lapsed { get; init; }

        public EventView ToContract(DateTimeOffset now) => new(
            Id, Slug, Name, Description, Venue, StartAt, EndAt, TimeZone,
            Size, Size - Taken + (int)Lapsed, Price, Currency,
            EventStatuses.Parse(Status)!.Value.ToText(EndAt, now), Version, Address, CancelUntil);
    }

    private static class Sql
    {
        public const string FindId =
            """
            SELECT id
            FROM events
            WHERE slug = @slug
            """;

        private const string Columns =
            """
            SELECT e.id, e.slug, e.name, e.description, e.venue, e.address, e.start_at, e.end_at,
                e.time_zone, e.cancel_until,
                e.price, e.currency, e.status, e.version, p.size, p.held + p.sold AS taken,
                (SELECT COALESCE(SUM(b.quantity), 0)
                 FROM bookings b
                 WHERE b.event_id = e.id AND b.status = 'held' AND b.expires_at <= @now) AS lapsed

            """;

        private const string Pools = "JOIN pools p ON p.event_id = e.id AND p.name IS NULL\n";

        private const string Select = Columns + "FROM events e\n" + Pools;

        private const string Counted = "SELECT COUNT(*)\nFROM events e\n";

        private const string ByPage =
            """
            ORDER BY e.start_at, e.id
            LIMIT @rows OFFSET @offset
            """;

        private const string ByCursor =
            """
                AND (e.start_at, e.id) > (@at, @id)
            ORDER BY e.start_at, e.id
            LIMIT @rows
            """;

        private const string OfPublished =
            """
            WHERE e.status = 'published' AND e.start_at >= @since AND e.end_at > @from AND e.start_at < @until

            """;

        public const string PublishedPage = Select + OfPublished + ByPage;
        public const string PublishedCount = Counted + OfPublished;
        public const string PublishedAfter = Select + OfPublished + ByCursor;

        private const string OfOwn =
            """
            WHERE e.organizer_id = @organizer AND e.end_at > @from AND e.start_at < @until

            """;

        public const string OwnPage = Select + OfOwn + ByPage;
        public const string OwnCount = Counted + OfOwn;
        public const string OwnAfter = Select + OfOwn + ByCursor;

        private const string Shown =
            """
                AND e.end_at > @from AND e.start_at < @until
                AND ((@isPublic AND e.status = 'published') OR (NOT @isPublic AND e.organizer_id = @organizer))

            """;

        // CROSS JOIN: SQLite begins with what was found.
        private const string FromSqlite =
            """
            FROM event_search
            CROSS JOIN event_numbers n ON n.number = event_search.rowid
            CROSS JOIN events e ON e.id = n.event_id

            """;

        private const string WordsSqlite = "WHERE event_search MATCH @words\n" + Shown;

        private const string WordsPostgres = "WHERE e.search @@ to_tsquery('simple', @words)\n" + Shown;

        // Apart from the order: PostgreSQL would look through all events in their order for the few that match.
        private const string FoundPostgres =
            "WITH found AS MATERIALIZED (\nSELECT e.id, e.start_at\nFROM events e\n" + WordsPostgres + ")\n";

        private const string OfFound =
            """
            JOIN events e ON e.id = part.id
            JOIN pools p ON p.event_id = e.id AND p.name IS NULL
            ORDER BY e.start_at, e.id
            """;

        public static class FoundPage
        {
            public const string Sqlite = Columns + FromSqlite + Pools + WordsSqlite + ByPage;
            public const string Postgres = FoundPostgres + Columns +
                """
                FROM (SELECT id FROM found ORDER BY start_at, id LIMIT @rows OFFSET @offset) part

                """ + OfFound;
        }

        public static class FoundCount
        {
            public const string Sqlite = "SELECT COUNT(*)\n" + FromSqlite + WordsSqlite;
            public const string Postgres = Counted + WordsPostgres;
        }

        public static class FoundAfter
        {
            public const string Sqlite = Columns + FromSqlite + Pools + WordsSqlite + ByCursor;
            public const string Postgres = FoundPostgres + Columns +
                """
                FROM (
                    SELECT id
                    FROM found
                    WHERE (start_at, id) > (@at, @id)
                    ORDER BY start_at, id
                    LIMIT @rows) part

                """ + OfFound;
        }
    }
}

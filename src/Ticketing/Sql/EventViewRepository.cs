using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
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

    public async Task<(EventView View, UserId Organizer)?> Find(
        string idOrSlug, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var row = Guid.TryParseExact(idOrSlug, "D", out var id)
            ? await session.QueryFirst<EventRow>(Sql.FindById, new { id, now })
            : await session.QueryFirst<EventRow>(Sql.FindBySlug, new { slug = idOrSlug, now });
        return row is null ? null : (row.ToContract(now), new UserId(row.OrganizerId));
    }

    public async Task<Page<EventView>> Published(PageRequest page, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var since = now - DurationMax;
        if (page.Number is not null)
        {
            var rows = await session.Query<EventRow>(
                Sql.PublishedPage, new { now, since, limit = page.Limit, offset = page.Offset });
            var total = await session.QueryFirst<long>(Sql.PublishedCount, new { now, since });
            return ByNumber(rows, page, total, now);
        }

        return ByCursor(
            await session.Query<EventRow>(Sql.PublishedAfter, new
            {
                now,
                at = page.After is { } after && after.At > since ? after.At : since,
                id = page.After?.Id ?? Guid.Empty,
                limit = page.Limit + 1,
            }),
            page,
            now);
    }

    public async Task<Page<EventView>> OfOrganizer(
        UserId organizer, PageRequest page, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        if (page.Number is not null)
        {
            var rows = await session.Query<EventRow>(
                Sql.OwnPage, new { now, organizer = organizer.Value, limit = page.Limit, offset = page.Offset });
            var total = await session.QueryFirst<long>(Sql.OwnCount, new { organizer = organizer.Value });
            return ByNumber(rows, page, total, now);
        }

        return ByCursor(
            await session.Query<EventRow>(Sql.OwnAfter, new
            {
                now,
                organizer = organizer.Value,
                at = page.After?.At ?? DateTimeOffset.UnixEpoch,
                id = page.After?.Id ?? Guid.Empty,
                limit = page.Limit + 1,
            }),
            page,
            now);
    }

    private static Page<EventView> ByNumber(
        IReadOnlyList<EventRow> rows, PageRequest page, long total, DateTimeOffset now) =>
        new([.. rows.Select(row => row.ToContract(now))], page.Limit) { Number = page.Number, Total = total };

    // One more row than asked for tells whether there is a next page.
    private static Page<EventView> ByCursor(
        IReadOnlyList<EventRow> rows, PageRequest page, DateTimeOffset now)
    {
        var items = rows.Take(page.Limit).Select(row => row.ToContract(now)).ToList();
        return new Page<EventView>(items, page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(items[^1].StartAt, items[^1].Id).ToString() : null,
        };
    }

    private sealed class EventRow
    {
        public Guid Id { get; init; }

        public Guid OrganizerId { get; init; }

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
        private const string Select =
            """
            SELECT e.id, e.organizer_id, e.slug, e.name, e.description, e.venue, e.address, e.start_at, e.end_at,
                e.time_zone, e.cancel_until,
                e.price, e.currency, e.status, e.version, p.size, p.held + p.sold AS taken,
                (SELECT COALESCE(SUM(b.quantity), 0)
                 FROM bookings b
                 WHERE b.event_id = e.id AND b.status = 'held' AND b.expires_at <= @now) AS lapsed
            FROM events e
            JOIN pools p ON p.event_id = e.id AND p.name IS NULL

            """;

        public const string FindById = Select +
            """
            WHERE e.id = @id
            """;

        public const string FindBySlug = Select +
            """
            WHERE e.slug = @slug
            """;

        public const string PublishedPage = Select +
            """
            WHERE e.status = 'published' AND e.start_at >= @since AND e.end_at > @now
            ORDER BY e.start_at, e.id
            LIMIT @limit OFFSET @offset
            """;

        public const string PublishedCount =
            """
            SELECT COUNT(*)
            FROM events
            WHERE status = 'published' AND start_at >= @since AND end_at > @now
            """;

        public const string PublishedAfter = Select +
            """
            WHERE e.status = 'published' AND e.end_at > @now AND (e.start_at, e.id) > (@at, @id)
            ORDER BY e.start_at, e.id
            LIMIT @limit
            """;

        public const string OwnPage = Select +
            """
            WHERE e.organizer_id = @organizer
            ORDER BY e.start_at, e.id
            LIMIT @limit OFFSET @offset
            """;

        public const string OwnCount =
            """
            SELECT COUNT(*)
            FROM events
            WHERE organizer_id = @organizer
            """;

        public const string OwnAfter = Select +
            """
            WHERE e.organizer_id = @organizer AND (e.start_at, e.id) > (@at, @id)
            ORDER BY e.start_at, e.id
            LIMIT @limit
            """;
    }
}

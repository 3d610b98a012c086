using Gatehouse.Foundation.Data;
using Gatehouse.Notifications.Services;

namespace Gatehouse.Notifications.Sql;

internal sealed class ReadModelRepository : IReadModelRepository
{
    public Task Keep(UnitOfWork unit, Recipient recipient) => unit.Execute(Sql.KeepRecipient, new
    {
        userId = recipient.UserId,
        email = recipient.Email,
        name = recipient.Name,
        language = recipient.Language,
        knownAt = recipient.KnownAt,
    });

    public Task Keep(UnitOfWork unit, KnownBooking booking) => unit.Execute(Sql.KeepBooking, new
    {
        bookingId = booking.BookingId,
        eventId = booking.EventId,
        userId = booking.UserId,
        quantity = booking.Quantity,
        status = booking.Status,
        changedAt = booking.ChangedAt,
    });

    public async Task<KnownEvent?> Keep(UnitOfWork unit, KnownEvent @event)
    {
        var before = await unit.QueryFirst<EventRow>(
            unit.Text(Sql.LockEvent.Sqlite, Sql.LockEvent.Postgres), new { eventId = @event.EventId });
        var isNewer = await unit.Execute(Sql.KeepEvent, new
        {
            eventId = @event.EventId,
            organizerId = @event.OrganizerId,
            name = @event.Name,
            slug = @event.Slug,
            venue = @event.Venue,
            startAt = @event.StartAt,
            endAt = @event.EndAt,
            timeZone = @event.TimeZone,
            status = @event.Status,
            version = @event.Version,
        }) > 0;
        return isNewer ? before?.ToKnown() : null;
    }

    public async Task<Recipient?> FindRecipient(UnitOfWork unit, Guid userId) =>
        (await unit.QueryFirst<RecipientRow>(Sql.FindRecipient, new { userId }))?.ToKnown();

    public async Task<KnownEvent?> FindEvent(UnitOfWork unit, Guid eventId) =>
        (await unit.QueryFirst<EventRow>(
            unit.Text(Sql.ShareEvent.Sqlite, Sql.ShareEvent.Postgres), new { eventId }))?.ToKnown();

    public async Task<bool> HasBooked(UnitOfWork unit, Guid eventId, Guid userId) =>
        await unit.QueryFirst<int>(Sql.HasBooked, new { eventId, userId }) == 1;

    public async Task<IReadOnlyList<Recipient>> FindBookers(
        UnitOfWork unit, Guid eventId, DateTimeOffset at, Guid after, int limit) =>
        [.. (await unit.Query<RecipientRow>(Sql.FindBookers, new { eventId, at, after, limit }))
            .Select(row => row.ToKnown())];

    private sealed class RecipientRow
    {
        public Guid UserId { get; init; }

        public string Email { get; init; } = "";

        public string? Name { get; init; }

        public string? Language { get; init; }

        public DateTimeOffset KnownAt { get; init; }

        public Recipient ToKnown() =>
            new() { UserId = UserId, Email = Email, Name = Name, Language = Language, KnownAt = KnownAt };
    }

    private sealed class EventRow
    {
        public Guid EventId { get; init; }

        public Guid OrganizerId { get; init; }

        public string Name { get; init; } = "";

        public string Slug { get; init; } = "";

        public string? Venue { get; init; }

        public DateTimeOffset StartAt { get; init; }

        public DateTimeOffset EndAt { get; init; }

        public string TimeZone { get; init; } = "";

        public string Status { get; init; } = "";

        public int Version { get; init; }

        public KnownEvent ToKnown() => new()
        {
            EventId = EventId,
            OrganizerId = OrganizerId,
            Name = Name,
            Slug = Slug,
            Venue = Venue,
            StartAt = StartAt,
            EndAt = EndAt,
            TimeZone = TimeZone,
            Status = Status,
            Version = Version,
        };
    }

    private static class Sql
    {
        public const string KeepRecipient =
            """
            INSERT INTO recipients (user_id, email, name, language, known_at)
            VALUES (@userId, @email, @name, @language, @knownAt)
            ON CONFLICT (user_id) DO UPDATE
            SET email = excluded.email, name = excluded.name, language = excluded.language, known_at = excluded.known_at
            WHERE excluded.known_at > recipients.known_at
            """;

        // At the same microsecond the end of a booking is what came last.
        public const string KeepBooking =
            """
            INSERT INTO known_bookings (booking_id, event_id, user_id, quantity, status, changed_at)
            VALUES (@bookingId, @eventId, @userId, @quantity, @status, @changedAt)
            ON CONFLICT (booking_id) DO UPDATE
            SET status = excluded.status, changed_at = excluded.changed_at
            WHERE excluded.changed_at > known_bookings.changed_at
                OR (excluded.changed_at = known_bookings.changed_at AND excluded.status NOT IN ('held', 'confirmed'))
            """;

        // Being deleted makes no new version.
        public const string KeepEvent =
            """
            INSERT INTO known_events
                (event_id, organizer_id, name, slug, venue, start_at, end_at, time_zone, status, version)
            VALUES
                (@eventId, @organizerId, @name, @slug, @venue, @startAt, @endAt, @timeZone, @status, @version)
            ON CONFLICT (event_id) DO UPDATE
            SET organizer_id = excluded.organizer_id, name = excluded.name, slug = excluded.slug,
                venue = excluded.venue, start_at = excluded.start_at, end_at = excluded.end_at,
                time_zone = excluded.time_zone, status = excluded.status, version = excluded.version
            WHERE excluded.version > known_events.version
                OR (excluded.version = known_events.version AND excluded.status = 'deleted'
                    AND known_events.status <> 'deleted')
            """;

        public const string FindRecipient =
            """
            SELECT user_id, email, name, language, known_at
            FROM recipients
            WHERE user_id = @userId
            """;

        public const string HasBooked =
            """
            SELECT 1
            FROM known_bookings
            WHERE event_id = @eventId AND status = 'confirmed' AND user_id = @userId
            LIMIT 1
            """;

        public const string FindBookers =
            """
            SELECT r.user_id, r.email, r.name, r.language, r.known_at
            FROM recipients r
            WHERE r.user_id > @after AND r.user_id IN (
                SELECT b.user_id
                FROM known_bookings b
                WHERE b.event_id = @eventId AND b.status = 'confirmed' AND b.changed_at <= @at AND b.user_id > @after)
            ORDER BY r.user_id
            LIMIT @limit
            """;

        private const string Event =
            """
            SELECT event_id, organizer_id, name, slug, venue, start_at, end_at, time_zone, status, version
            FROM known_events
            WHERE event_id = @eventId
            """;

        public static class ShareEvent
        {
            public const string Sqlite = Event;
            public const string Postgres = $"{Event}\nFOR SHARE";
        }

        public static class LockEvent
        {
            public const string Sqlite = Event;
            public const string Postgres = $"{Event}\nFOR UPDATE";
        }
    }
}

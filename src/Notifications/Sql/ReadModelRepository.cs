using Gatehouse.Foundation.Data;
using Gatehouse.Notifications.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

internal sealed class ReadModelRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IReadModelRepository
{
    public Task Keep(UnitOfWork unit, Recipient recipient) => unit.Execute(Sql.KeepRecipient, new
    {
        userId = recipient.UserId,
        email = recipient.Email,
        name = recipient.Name,
        language = recipient.Language,
        knownAt = recipient.KnownAt,
    });

    public async Task Keep(UnitOfWork unit, IReadOnlyList<KnownBooking> bookings)
    {
        // The last of each, as the statement would take them one by one; it takes none twice.
        var rows = bookings.GroupBy(booking => booking.BookingId)
            .Select(same => same.MaxBy(booking => (booking.ChangedAt, booking.Status != KnownBooking.Confirmed))!)
            .OrderBy(booking => booking.BookingId).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        if (unit.IsPostgres)
        {
            await unit.Execute(Sql.KeepBookings.Postgres, new
            {
                ids = rows.Column(booking => booking.BookingId),
                eventIds = rows.Column(booking => booking.EventId),
                userIds = rows.Column(booking => booking.UserId),
                quantities = rows.Column(booking => booking.Quantity),
                statuses = rows.Column(booking => booking.Status),
                changedAts = rows.Column(booking => booking.ChangedAt),
            });
            return;
        }

        await unit.Execute(Sql.KeepBookings.Sqlite, rows.Column(booking => new
        {
            bookingId = booking.BookingId,
            eventId = booking.EventId,
            userId = booking.UserId,
            quantity = booking.Quantity,
            status = booking.Status,
            changedAt = booking.ChangedAt,
        }));
    }

    public async Task<bool> KeepRole(UnitOfWork unit, Guid userId, string role, DateTimeOffset at) =>
        await unit.Execute(Sql.KeepRole, new { userId, role, at }) > 0;

    public Task KeepState(UnitOfWork unit, Guid userId, bool isDisabled, DateTimeOffset at) =>
        unit.Execute(Sql.KeepState, new { userId, isDisabled, at });

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

    public async Task<IReadOnlyDictionary<Guid, Recipient>> FindRecipients(
        UnitOfWork unit, IReadOnlyCollection<Guid> users) => users.Count == 0
        ? new Dictionary<Guid, Recipient>()
        : (await unit.Query<RecipientRow>(
            unit.Text(Sql.FindRecipients.Sqlite, Sql.FindRecipients.Postgres), IdList.Of(unit, users)))
        .ToDictionary(row => row.UserId, row => row.ToKnown());

    public async Task<IReadOnlyDictionary<Guid, KnownEvent>> FindEvents(
        UnitOfWork unit, IReadOnlyCollection<Guid> events) => events.Count == 0
        ? new Dictionary<Guid, KnownEvent>()
        : (await unit.Query<EventRow>(
            unit.Text(Sql.ShareEvents.Sqlite, Sql.ShareEvents.Postgres), IdList.Of(unit, events)))
        .ToDictionary(row => row.EventId, row => row.ToKnown());

    public async Task<bool> HasBooked(UnitOfWork unit, Guid eventId, Guid userId) =>
        await unit.QueryFirst<int>(Sql.HasBooked, new { eventId, userId }) == 1;

    public async Task<IReadOnlyList<Recipient>> FindBookers(
        UnitOfWork unit, Guid eventId, DateTimeOffset at, Guid after, int limit) =>
        [.. (await unit.Query<RecipientRow>(Sql.FindBookers, new { eventId, at, after, limit }))
            .Select(row => row.ToKnown())];

    public Task<int> PruneBookings(DateTimeOffset overBefore, int limit, CancellationToken cancellation) =>
        Prune(Sql.PruneBookings, overBefore, limit, cancellation);

    public Task<int> PruneEvents(DateTimeOffset overBefore, int limit, CancellationToken cancellation) =>
        Prune(Sql.PruneEvents, overBefore, limit, cancellation);

    private async Task<int> Prune(string sql, DateTimeOffset overBefore, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var pruned = await unit.Execute(sql, new { overBefore, limit });
        await unit.Commit();
        return pruned;
    }

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

        public static class KeepBookings
        {
            private const string Into =
                """
                INSERT INTO known_bookings (booking_id, event_id, user_id, quantity, status, changed_at)

                """;

            // At the same microsecond the end of a booking is what came last.
            private const string Newer =
                """
                ON CONFLICT (booking_id) DO UPDATE
                SET status = excluded.status, changed_at = excluded.changed_at
                WHERE excluded.changed_at > known_bookings.changed_at
                    OR (excluded.changed_at = known_bookings.changed_at AND excluded.status <> 'confirmed')
                """;

            public const string Sqlite = Into +
                "VALUES (@bookingId, @eventId, @userId, @quantity, @status, @changedAt)\n" + Newer;

            // In one order everywhere: who writes the same waits for the other instead of deadlocking.
            public const string Postgres = Into +
                """
                SELECT booking_id, event_id, user_id, quantity, status, changed_at
                FROM unnest(
                    CAST(@ids AS uuid[]), CAST(@eventIds AS uuid[]), CAST(@userIds AS uuid[]),
                    CAST(@quantities AS integer[]), CAST(@statuses AS text[]), CAST(@changedAts AS timestamptz[]))
                    AS b (booking_id, event_id, user_id, quantity, status, changed_at)
                ORDER BY booking_id

                """ + Newer;
        }

        public const string KeepRole =
            """
            INSERT INTO known_accounts (user_id, role, role_at)
            VALUES (@userId, @role, @at)
            ON CONFLICT (user_id) DO UPDATE
            SET role = excluded.role, role_at = excluded.role_at
            WHERE known_accounts.role_at IS NULL OR excluded.role_at > known_accounts.role_at
            """;

        public const string KeepState =
            """
            INSERT INTO known_accounts (user_id, is_disabled, state_at)
            VALUES (@userId, @isDisabled, @at)
            ON CONFLICT (user_id) DO UPDATE
            SET is_disabled = excluded.is_disabled, state_at = excluded.state_at
            WHERE known_accounts.state_at IS NULL OR excluded.state_at > known_accounts.state_at
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

        public static class FindRecipients
        {
            private const string Recipients =
                """
                SELECT user_id, email, name, language, known_at
                FROM recipients

                """;

            public const string Sqlite = Recipients + "WHERE user_id IN (SELECT value FROM json_each(@ids))";
            public const string Postgres = Recipients + "WHERE user_id = ANY (CAST(@ids AS uuid[]))";
        }

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

        private const string Events =
            """
            SELECT event_id, organizer_id, name, slug, venue, start_at, end_at, time_zone, status, version
            FROM known_events

            """;

        public static class ShareEvents
        {
            public const string Sqlite = Events + "WHERE event_id IN (SELECT value FROM json_each(@ids))";

            // In one order everywhere, so that nobody waits for somebody who waits for them.
            public const string Postgres = Events +
                """
                WHERE event_id = ANY (CAST(@ids AS uuid[]))
                ORDER BY event_id
                FOR SHARE
                """;
        }

        public static class LockEvent
        {
            public const string Sqlite = Events + "WHERE event_id = @eventId";
            public const string Postgres = $"{Sqlite}\nFOR UPDATE";
        }

        // By way of the events that are over: their bookings have an index.
        public const string PruneBookings =
            """
            DELETE FROM known_bookings
            WHERE booking_id IN (
                SELECT b.booking_id
                FROM known_events e
                JOIN known_bookings b ON b.event_id = e.event_id
                WHERE e.end_at < @overBefore
                LIMIT @limit)
            """;

        public const string PruneEvents =
            """
            DELETE FROM known_events
            WHERE event_id IN (
                SELECT e.event_id
                FROM known_events e
                WHERE e.end_at < @overBefore AND NOT EXISTS (
                    SELECT 1
                    FROM known_bookings b
                    WHERE b.event_id = e.event_id)
                LIMIT @limit)
            """;
    }
}

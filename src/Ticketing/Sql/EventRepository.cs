using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class EventRepository(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database, ITicketTypeRepository types) : IEventRepository
{
    public async Task<bool> Insert(UnitOfWork unit, Event of, Pool own, TicketType standard)
    {
        if (await unit.Execute(Sql.Insert, Args(of)) == 0)
        {
            return false;
        }

        await types.Insert(unit, of.Id, own);
        await types.Insert(unit, standard);
        return true;
    }

    public async Task<(Event Event, Offer Offer)?> Lock(UnitOfWork unit, EventId id)
    {
        var locked = await unit.QueryFirst<LockedRow>(
            unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { id = id.Value });
        if (locked is null)
        {
            return null;
        }

        // A statement of its own: after the wait for the lock it sees what was committed meanwhile.
        var offer = OfferRow.ToOffer(id, await unit.Query<OfferRow>(Sql.Offer, new { id = id.Value }));
        return (locked.ToEvent(offer.Own.Size), offer);
    }

    public async Task<(Event Event, Offer Offer)?> Read(
        EventId id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        if (await session.QueryFirst<LockedRow>(Sql.Lock.Sqlite, new { id = id.Value }) is not { } row)
        {
            return null;
        }

        var rows = await session.Query<OfferRow>(Sql.Offer, new { id = id.Value });
        if (rows.Count == 0)
        {
            // Deleted between the two.
            return null;
        }

        var offer = OfferRow.ToOffer(id, rows);
        var lapsed = await session.Query<LapsedRow>(Sql.Lapsed, new { id = id.Value, now });
        // Read a moment after the pools, which may have given some of them back already.
        offer.Free([.. lapsed.Select(line => line.ToDomain())]);
        return (row.ToEvent(offer.Own.Size), offer);
    }

    public async Task Update(UnitOfWork unit, Event of, Pool own)
    {
        var changed = await unit.Execute(Sql.Update, Args(of));
        changed += await unit.Execute(Sql.Resize, new { eventId = of.Id.Value, id = own.Id, size = own.Size });
        if (changed != 2)
        {
            throw new InvalidOperationException($"Event {of.Id} or its pool moved under a lock.");
        }
    }

    public async Task<bool> Delete(UnitOfWork unit, EventId id)
    {
        if (await unit.QueryFirst<int>(Sql.IsBooked, new { id = id.Value }) == 1)
        {
            return false;
        }

        await unit.Execute(Sql.DeleteLinks, new { id = id.Value });
        await unit.Execute(Sql.DeleteTypes, new { id = id.Value });
        await unit.Execute(Sql.DeletePools, new { id = id.Value });
        return await unit.Execute(Sql.Delete, new { id = id.Value }) > 0;
    }

    private static object Args(Event of) => new
    {
        id = of.Id.Value,
        organizerId = of.Organizer.Value,
        slug = of.Slug,
        name = of.Details.Name,
        description = of.Details.Description,
        venue = of.Details.Venue,
        address = of.Details.Address,
        startAt = of.Details.StartAt,
        endAt = of.Details.EndAt,
        timeZone = of.Details.TimeZone,
        cancelUntil = of.Details.CancelUntil,
        price = of.Details.Price.Minor,
        currency = of.Details.Price.Currency.Code,
        status = of.Status.ToText(),
        version = of.Version,
        createdAt = of.CreatedAt,
        changedAt = of.ChangedAt,
    };

    private sealed class LapsedRow
    {
        public Guid TicketTypeId { get; init; }

        public long Places { get; init; }

        public BookingLine ToDomain() => new(new TicketTypeId(TicketTypeId), (int)Places, Cancelled: 0, Price: 0);
    }

    private sealed class LockedRow
    {
        public Guid Id { get; init; }

        public Guid OrganizerId { get; init; }

        public string Slug { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Description { get; init; }

        public string? Venue { get; init; }

        public string? Address { get; init; }

        public DateTimeOffset StartAt { get; init; }

        public DateTimeOffset EndAt { get; init; }

        public string TimeZone { get; init; } = "";

        public DateTimeOffset? CancelUntil { get; init; }

        public long Price { get; init; }

        public string Currency { get; init; } = "";

        public string Status { get; init; } = "";

        public int Version { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? ChangedAt { get; init; }

        public Event ToEvent(int capacity) => new(
            new EventId(Id),
            new UserId(OrganizerId),
            Slug,
            new CheckedDetails(
                Name,
                Description,
                Venue,
                Address,
                StartAt,
                EndAt,
                TimeZone,
                CancelUntil,
                capacity,
                new Money(Price, Kernel.Currency.Parse(Currency))),
            EventStatuses.Parse(Status)!.Value,
            Version,
            CreatedAt,
            ChangedAt);
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO events (
                id, organizer_id, slug, name, description, venue, address, start_at, end_at, time_zone, cancel_until,
                price, currency, status, version, created_at)
            VALUES (
                @id, @organizerId, @slug, @name, @description, @venue, @address, @startAt, @endAt, @timeZone,
                @cancelUntil,
                @price, @currency, @status, @version, @createdAt)
            ON CONFLICT (slug) DO NOTHING
            """;

        public const string Update =
            """
            UPDATE events
            SET name = @name, description = @description, venue = @venue, address = @address,
                start_at = @startAt, end_at = @endAt, time_zone = @timeZone, cancel_until = @cancelUntil,
                price = @price, currency = @currency, status = @status, version = @version, changed_at = @changedAt
            WHERE id = @id AND organizer_id = @organizerId AND version = @version - 1
            """;

        public const string Resize =
            """
            UPDATE pools
            SET size = @size
            WHERE event_id = @eventId AND id = @id AND held + sold <= @size
            """;

        public const string IsBooked =
            """
            SELECT 1
            FROM bookings
            WHERE event_id = @id
            LIMIT 1
            """;

        public const string DeleteLinks =
            """
            DELETE FROM ticket_type_pools
            WHERE event_id = @id
            """;

        public const string DeleteTypes =
            """
            DELETE FROM ticket_types
            WHERE event_id = @id
            """;

        public const string DeletePools =
            """
            DELETE FROM pools
            WHERE event_id = @id
            """;

        // Every pool, and with it each type that draws on it: all types are there, since all draw on the event's own.
        public const string Offer =
            """
            SELECT p.id AS pool_id, p.name AS pool_name, p.size, p.held, p.sold,
                t.id AS type_id, t.name, t.description, t.price, t.sale_from, t.sale_until,
                t.quantity_min, t.quantity_max, t.buyer_max, t.position, t.created_at, t.archived_at
            FROM pools p
            LEFT JOIN ticket_type_pools d ON d.event_id = p.event_id AND d.pool_id = p.id
            LEFT JOIN ticket_types t ON t.event_id = d.event_id AND t.id = d.ticket_type_id
            WHERE p.event_id = @id
            """;

        public const string Delete =
            """
            DELETE FROM events
            WHERE id = @id
            """;

        public const string Lapsed =
            """
            SELECT COALESCE(l.ticket_type_id, b.event_id) AS ticket_type_id,
                SUM(COALESCE(l.quantity, b.quantity)) AS places
            FROM bookings b
            LEFT JOIN booking_lines l ON l.event_id = b.event_id AND l.booking_id = b.id
            WHERE b.event_id = @id AND b.status = 'held' AND b.expires_at <= @now
            GROUP BY COALESCE(l.ticket_type_id, b.event_id)
            """;

        // SQLite's transaction is alone from its first statement. PostgreSQL locks the event, and whoever changes
        // anything of it does so first; after a wait a statement reads anew only what it locks, so all else is read by
        // the next one.
        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT id, organizer_id, slug, name, description, venue, address, start_at, end_at, time_zone,
                    cancel_until, price, currency, status, version, created_at, changed_at
                FROM events
                WHERE id = @id
                """;

            public const string Postgres = Sqlite +
                """

                FOR UPDATE
                """;
        }
    }
}

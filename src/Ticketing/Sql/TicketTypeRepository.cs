using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Sql;

internal sealed class TicketTypeRepository : ITicketTypeRepository
{
    public async Task Insert(UnitOfWork unit, TicketType type)
    {
        await unit.Execute(Sql.Insert, Args(type));
        foreach (var pool in type.Pools)
        {
            await unit.Execute(Sql.Link, new { eventId = type.Event.Value, id = type.Id.Value, poolId = pool });
        }
    }

    public async Task Update(UnitOfWork unit, TicketType type)
    {
        if (await unit.Execute(Sql.Update, Args(type)) != 1)
        {
            throw new InvalidOperationException($"Ticket type {type.Id} moved under a lock.");
        }
    }

    public async Task<bool> Delete(UnitOfWork unit, TicketType type)
    {
        var args = new { eventId = type.Event.Value, id = type.Id.Value };
        if (await unit.QueryFirst<int>(Sql.IsBooked, args) == 1)
        {
            return false;
        }

        await unit.Execute(Sql.Unlink, args);
        return await unit.Execute(Sql.Delete, args) > 0;
    }

    public async Task<bool> Insert(UnitOfWork unit, EventId of, Pool pool) =>
        await unit.Execute(
            Sql.InsertPool, new { eventId = of.Value, id = pool.Id, name = pool.Name, size = pool.Size }) > 0;

    public async Task<bool> Update(UnitOfWork unit, EventId of, Pool pool, string name) =>
        await unit.Execute(Sql.UpdatePool, new { eventId = of.Value, id = pool.Id, name, size = pool.Size }) > 0;

    public async Task<bool> Delete(UnitOfWork unit, EventId of, Pool pool) =>
        await unit.Execute(Sql.DeletePool, new { eventId = of.Value, id = pool.Id }) > 0;

    private static object Args(TicketType type) => new
    {
        eventId = type.Event.Value,
        id = type.Id.Value,
        name = type.Details.Name,
        description = type.Details.Description,
        price = type.Details.Price,
        saleFrom = type.Details.SaleFrom,
        saleUntil = type.Details.SaleUntil,
        quantityMin = type.Details.QuantityMin,
        quantityMax = type.Details.QuantityMax,
        buyerMax = type.Details.BuyerMax,
        position = type.Position,
        createdAt = type.CreatedAt,
        archivedAt = type.ArchivedAt,
    };

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO ticket_types (
                event_id, id, name, description, price, sale_from, sale_until,
                quantity_min, quantity_max, buyer_max, position, created_at, archived_at)
            VALUES (
                @eventId, @id, @name, @description, @price, @saleFrom, @saleUntil,
                @quantityMin, @quantityMax, @buyerMax, @position, @createdAt, @archivedAt)
            """;

        public const string Link =
            """
            INSERT INTO ticket_type_pools (event_id, ticket_type_id, pool_id)
            VALUES (@eventId, @id, @poolId)
            """;

        public const string Update =
            """
            UPDATE ticket_types
            SET name = @name, description = @description, price = @price, sale_from = @saleFrom,
                sale_until = @saleUntil, quantity_min = @quantityMin, quantity_max = @quantityMax,
                buyer_max = @buyerMax, archived_at = @archivedAt
            WHERE event_id = @eventId AND id = @id
            """;

        public const string IsBooked =
            """
            SELECT 1
            FROM booking_lines
            WHERE event_id = @eventId AND ticket_type_id = @id
            LIMIT 1
            """;

        public const string Unlink =
            """
            DELETE FROM ticket_type_pools
            WHERE event_id = @eventId AND ticket_type_id = @id
            """;

        public const string Delete =
            """
            DELETE FROM ticket_types
            WHERE event_id = @eventId AND id = @id
            """;

        public const string InsertPool =
            """
            INSERT INTO pools (event_id, id, name, size, held, sold)
            VALUES (@eventId, @id, @name, @size, 0, 0)
            ON CONFLICT DO NOTHING
            """;

        public const string UpdatePool =
            """
            UPDATE pools
            SET name = @name, size = @size
            WHERE event_id = @eventId AND id = @id AND held + sold <= @size AND NOT EXISTS (
                SELECT 1
                FROM pools other
                WHERE other.event_id = @eventId AND other.name = @name AND other.id <> @id)
            """;

        public const string DeletePool =
            """
            DELETE FROM pools
            WHERE event_id = @eventId AND id = @id AND name IS NOT NULL AND NOT EXISTS (
                SELECT 1
                FROM ticket_type_pools
                WHERE ticket_type_pools.event_id = @eventId AND ticket_type_pools.pool_id = @id)
            """;
    }
}

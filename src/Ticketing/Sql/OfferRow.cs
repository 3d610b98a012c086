using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

/// <summary>A pool, and one of the types that draw on it if any does.</summary>
internal sealed class OfferRow
{
    public Guid PoolId { get; init; }

    public string? PoolName { get; init; }

    public int Size { get; init; }

    public int Held { get; init; }

    public int Sold { get; init; }

    public Guid? TypeId { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public long Price { get; init; }

    public DateTimeOffset? SaleFrom { get; init; }

    public DateTimeOffset? SaleUntil { get; init; }

    public int QuantityMin { get; init; }

    public int QuantityMax { get; init; }

    public int? BuyerMax { get; init; }

    public int Position { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; init; }

    public static Offer ToOffer(EventId of, IReadOnlyList<OfferRow> rows) => new(
        [.. rows.DistinctBy(row => row.PoolId)
            .Select(row => new Pool(row.PoolId, row.Size, row.Held, row.Sold, row.PoolName))],
        [.. rows.Where(row => row.TypeId is not null)
            .GroupBy(row => row.TypeId!.Value)
            .Select(type => ToType(of, type))]);

    private static TicketType ToType(EventId of, IGrouping<Guid, OfferRow> rows)
    {
        var row = rows.First();
        return new TicketType(
            new TicketTypeId(rows.Key),
            of,
            new CheckedTicketType(
                row.Name,
                row.Description,
                row.Price,
                row.SaleFrom,
                row.SaleUntil,
                row.QuantityMin,
                row.QuantityMax,
                row.BuyerMax),
            [.. rows.Select(pool => pool.PoolId)],
            row.Position,
            row.CreatedAt,
            row.ArchivedAt);
    }
}

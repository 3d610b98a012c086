using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>The border between ticket types of the domain and of Contracts, both ways.</summary>
internal static class TicketTypeContracts
{
    public static TicketTypeDetails ToDetails(this CreateTicketType request) => new(
        request.Name,
        request.Description,
        request.Price,
        request.SaleFrom,
        request.SaleUntil,
        request.QuantityMin,
        request.QuantityMax,
        request.BuyerMax);

    /// <summary>The patch laid over what there is.</summary>
    public static TicketTypeDetails ToDetails(this UpdateTicketType patch, CheckedTicketType current) => new(
        patch.Name.Or(current.Name),
        patch.Description.Or(current.Description),
        patch.Price.Or(current.Price),
        patch.SaleFrom.Or(current.SaleFrom),
        patch.SaleUntil.Or(current.SaleUntil),
        patch.QuantityMin.Or(current.QuantityMin),
        patch.QuantityMax.Or(current.QuantityMax),
        patch.BuyerMax.Or(current.BuyerMax));

    public static TicketTypeView ToContract(this TicketType type, Event of, Offer offer) => new(
        type.Id.Value,
        type.Details.Name,
        type.Details.Description,
        type.Details.Price,
        of.Details.Price.Currency.Code,
        type.Details.SaleFrom,
        type.Details.SaleUntil,
        type.Details.QuantityMin,
        type.Details.QuantityMax,
        type.Details.BuyerMax,
        offer.Left(type),
        [.. type.Pools.Where(pool => pool != offer.Own.Id)],
        type.IsOffered ? null : true);

    public static string ToJson(this TicketType type, Event of, Offer offer) =>
        JsonSerializer.Serialize(type.ToContract(of, offer), TicketingJson.Default.TicketTypeView);

    public static PoolView ToContract(this Pool pool) => new(pool.Id, pool.Name!, pool.Size, pool.Held, pool.Sold);
}

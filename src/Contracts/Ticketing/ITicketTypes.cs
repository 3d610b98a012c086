using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// What an event sells, and the pools of places it draws on. Every type draws on the event's own pool (its capacity),
/// and on others where it is told to: one of its own, or one that types share. Reading follows the event
/// (<c>not_found</c> for a draft of someone else's); changing is for its organizer and admins.
/// </summary>
public interface ITicketTypes
{
    /// <summary>In their order; archived ones only for who may change them. Code: <c>not_found</c>.</summary>
    Task<Result<IReadOnlyList<TicketTypeView>>> List(Caller? caller, Guid eventId, CancellationToken cancellation);

    /// <summary>
    /// Adds a type after the others, 50 an event at most. Codes: <c>not_found</c>, <c>validation_failed</c>.
    /// </summary>
    Task<Result<TicketTypeView>> Create(
        Caller caller, Guid eventId, CreateTicketType request, CancellationToken cancellation);

    /// <summary>
    /// Changes what is given, for bookings made from now on. Codes: <c>not_found</c>, <c>validation_failed</c>,
    /// <c>last_ticket_type</c>.
    /// </summary>
    Task<Result<TicketTypeView>> Update(
        Caller caller, Guid eventId, Guid id, UpdateTicketType request, CancellationToken cancellation);

    /// <summary>
    /// Deletes a type that was never booked; archives one that was. Codes: <c>not_found</c>, <c>last_ticket_type</c>.
    /// </summary>
    Task<Result<Done>> Delete(Caller caller, Guid eventId, Guid id, CancellationToken cancellation);

    /// <summary>The pools beside the event's own. Code: <c>not_found</c>.</summary>
    Task<Result<IReadOnlyList<PoolView>>> ListPools(Caller caller, Guid eventId, CancellationToken cancellation);

    /// <summary>Codes: <c>not_found</c>, <c>validation_failed</c>.</summary>
    Task<Result<PoolView>> CreatePool(
        Caller caller, Guid eventId, PoolRequest request, CancellationToken cancellation);

    /// <summary>
    /// Renames and resizes. Codes: <c>not_found</c>, <c>validation_failed</c>, <c>capacity_below_sold</c>.
    /// </summary>
    Task<Result<PoolView>> UpdatePool(
        Caller caller, Guid eventId, Guid id, PoolRequest request, CancellationToken cancellation);

    /// <summary>Codes: <c>not_found</c>, <c>pool_in_use</c>.</summary>
    Task<Result<Done>> DeletePool(Caller caller, Guid eventId, Guid id, CancellationToken cancellation);
}

/// <summary>A new ticket type.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Description">Up to 1,000 characters.</param>
/// <param name="Price">Of one place in minor units of the event's currency, 0 to 100,000,000; 0 unless given.</param>
/// <param name="SaleFrom">Sold from then on; at once unless given.</param>
/// <param name="SaleUntil">Sold until then; until the event begins unless given.</param>
/// <param name="QuantityMin">Places a booking, 1 to 100; 1 unless given.</param>
/// <param name="QuantityMax">Places a booking, 1 to 100; 100 unless given.</param>
/// <param name="BuyerMax">Places of one buyer in all bookings that are held or confirmed; unlimited unless given.
/// </param>
/// <param name="Capacity">Makes a pool for this type alone, of so many places and with the type's name.</param>
/// <param name="Pools">Pools that it draws on beside the event's own; they cannot be changed later.</param>
public sealed record CreateTicketType(
    string? Name = null,
    string? Description = null,
    long? Price = null,
    DateTimeOffset? SaleFrom = null,
    DateTimeOffset? SaleUntil = null,
    int? QuantityMin = null,
    int? QuantityMax = null,
    int? BuyerMax = null,
    int? Capacity = null,
    IReadOnlyList<Guid>? Pools = null);

/// <summary>A merge-patch of a ticket type; bounds as in <see cref="CreateTicketType"/>.</summary>
public sealed record UpdateTicketType
{
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Name { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    [JsonConverter(typeof(OptionalConverter<long?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<long?> Price { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> SaleFrom { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> SaleUntil { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> QuantityMin { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> QuantityMax { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> BuyerMax { get; init; }
}

/// <summary>A ticket type as everyone sees it.</summary>
/// <param name="Price">Of one place, in minor units.</param>
/// <param name="Left">Places free at this moment: for display; what decides is the booking itself.</param>
/// <param name="Pools">That it draws on beside the event's own.</param>
/// <param name="Archived">Not sold any more; absent for those that are.</param>
public sealed record TicketTypeView(
    Guid Id,
    string Name,
    string? Description,
    long Price,
    string Currency,
    DateTimeOffset? SaleFrom,
    DateTimeOffset? SaleUntil,
    int QuantityMin,
    int QuantityMax,
    int? BuyerMax,
    int Left,
    IReadOnlyList<Guid> Pools,
    bool? Archived);

/// <summary>All ticket types of an event, 50 at most.</summary>
public sealed record TicketTypeList(IReadOnlyList<TicketTypeView> Items);

/// <summary>All pools of an event beside its own, 50 at most.</summary>
public sealed record PoolList(IReadOnlyList<PoolView> Items);

/// <summary>A pool that ticket types share.</summary>
/// <param name="Name">1 to 100 characters, unique in the event.</param>
/// <param name="Size">Places, 1 to 1,000,000.</param>
public sealed record PoolRequest(string? Name = null, int? Size = null);

/// <summary>A pool: <c>held + sold</c> never exceed <c>size</c>.</summary>
public sealed record PoolView(Guid Id, string Name, int Size, int Held, int Sold);

using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>What a buyer chooses: a name, a price, when and how many. It draws on one or more pools.</summary>
internal sealed class TicketType(
    TicketTypeId id,
    EventId of,
    CheckedTicketType details,
    IReadOnlyList<Guid> pools,
    int position,
    DateTimeOffset createdAt,
    DateTimeOffset? archivedAt)
{
    public const int PerEventMax = 50;

    public TicketTypeId Id => id;

    public EventId Event => of;

    public CheckedTicketType Details { get; private set; } = details;

    /// <summary>The event's own and others; never changed, so that places go back where they came from.</summary>
    public IReadOnlyList<Guid> Pools => pools;

    /// <summary>In lists, from 1.</summary>
    public int Position => position;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Since when it is not sold any more; its tickets stay.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; } = archivedAt;

    public bool IsOffered => ArchivedAt is null;

    /// <summary>The one an event has from the start, priced as the event says.</summary>
    public static TicketType Standard(Event of, Pool own, DateTimeOffset now) => new(
        TicketTypeId.New(now),
        of.Id,
        new CheckedTicketType(
            "Standard", null, of.Details.Price.Minor, null, null, 1, Booking.QuantityMax, BuyerMax: null),
        [own.Id],
        position: 1,
        now,
        archivedAt: null);

    public void Change(CheckedTicketType next) => Details = next;

    public void Archive(DateTimeOffset now) => ArchivedAt ??= now;

    /// <summary>Null when it is sold now, else why not.</summary>
    public Problem? WhyNotOnSale(DateTimeOffset now)
    {
        if (now < Details.SaleFrom)
        {
            return TicketingProblems.NotYetOnSale(Details.Name, Details.SaleFrom.Value);
        }

        return now >= Details.SaleUntil ? TicketingProblems.NoLongerOnSale(Details.Name) : null;
    }
}

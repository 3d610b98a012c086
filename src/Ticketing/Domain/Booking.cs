using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>One buyer's places at one event: <c>held → confirmed → cancelled</c>, or <c>held → expired</c>.</summary>
internal sealed class Booking(
    BookingId id,
    EventId of,
    UserId buyer,
    string code,
    int quantity,
    Money total,
    DateTimeOffset createdAt,
    BookingStatus status,
    DateTimeOffset? expiresAt,
    IReadOnlyList<Ticket> tickets)
{
    public const int QuantityMax = 100;

    public BookingId Id => id;

    public EventId Event => of;

    public UserId Buyer => buyer;

    public string Code => code;

    public int Quantity => quantity;

    public Money Total => total;

    public DateTimeOffset CreatedAt => createdAt;

    public BookingStatus Status { get; private set; } = status;

    /// <summary>When the hold ends; null unless held.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; } = expiresAt;

    /// <summary>Those issued with the booking; empty where they were not read.</summary>
    public IReadOnlyList<Ticket> Tickets => tickets;

    public static Problem? WhyNotQuantity(int quantity)
    {
        var faults = new Faults();
        faults.Whole("quantity", quantity, 1, QuantityMax);
        return faults.Any ? faults.ToProblem() : null;
    }

    /// <summary>
    /// Takes places from the pool: confirmed with its tickets where there is nothing to pay, else held until
    /// <paramref name="hold"/> has passed.
    /// </summary>
    public static Result<Booking> Place(
        Event of, Pool pool, UserId buyer, int quantity, TimeSpan hold, DateTimeOffset now)
    {
        if (of.WhyNotOnSale(now) is { } refusal)
        {
            return refusal;
        }

        var total = of.Details.Price * quantity;
        var isFree = total.IsZero;
        if ((isFree ? pool.Sell(quantity) : pool.Hold(quantity)).Failed(out var problem))
        {
            return problem;
        }

        return new Booking(
            BookingId.New(now),
            of.Id,
            buyer,
            RandomCode.Booking(),
            quantity,
            total,
            now,
            isFree ? BookingStatus.Confirmed : BookingStatus.Held,
            isFree ? null : now + hold,
            isFree ? Ticket.Issue(quantity, now) : []);
    }

    /// <summary>It has its places still.</summary>
    public bool IsLive => Status is BookingStatus.Held or BookingStatus.Confirmed;

    /// <summary>Gives the places of a live booking back to the pool.</summary>
    public void Cancel(Pool pool)
    {
        switch (Status)
        {
            case BookingStatus.Held:
                pool.ReleaseHeld(Quantity);
                break;
            case BookingStatus.Confirmed:
                pool.ReleaseSold(Quantity);
                break;
            default:
                throw new InvalidOperationException($"A booking that is {Status.ToText()} has no places to give back.");
        }

        Status = BookingStatus.Cancelled;
        ExpiresAt = null;
    }
}

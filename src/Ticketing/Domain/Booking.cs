using System.Security.Cryptography;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

internal enum BookingStatus
{
    Held,
    Confirmed,
    Cancelled,
    Expired,
}

/// <summary>One buyer's places at one event: <c>held → confirmed → cancelled</c>, or <c>held → expired</c>.</summary>
internal sealed class Booking
{
    public const int QuantityMax = 100;
    private const int CodeLength = 10;

    // Crockford's base32: no I, L, O, U, so that a code survives being read out.
    private const string CodeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public required BookingId Id { get; init; }

    public required EventId Event { get; init; }

    public required UserId Buyer { get; init; }

    public required string Code { get; init; }

    public required int Quantity { get; init; }

    public required Money Total { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required BookingStatus Status { get; set; }

    /// <summary>When the hold ends; null unless held.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public IReadOnlyList<Ticket> Tickets { get; init; } = [];

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
        if ((total.IsZero ? pool.Sell(quantity) : pool.Hold(quantity)).Failed(out var problem))
        {
            return problem;
        }

        return new Booking
        {
            Id = BookingId.New(now),
            Event = of.Id,
            Buyer = buyer,
            Code = RandomNumberGenerator.GetString(CodeLetters, CodeLength),
            Quantity = quantity,
            Total = total,
            CreatedAt = now,
            Status = total.IsZero ? BookingStatus.Confirmed : BookingStatus.Held,
            ExpiresAt = total.IsZero ? null : now + hold,
            Tickets = total.IsZero ? Ticket.Issue(quantity, now) : [],
        };
    }

    public bool IsLive(DateTimeOffset now) =>
        Status == BookingStatus.Confirmed || (Status == BookingStatus.Held && !HasLapsed(now));

    /// <summary>Its hold has ended, whether or not anyone has tidied it up yet.</summary>
    public bool HasLapsed(DateTimeOffset now) => Status == BookingStatus.Held && ExpiresAt <= now;
}

using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>One buyer's places at one event: <c>held → confirmed → cancelled</c>, or <c>held → expired</c>.</summary>
internal sealed class Booking
{
    public const int QuantityMax = 100;

    public required BookingId Id { get; init; }

    public required EventId Event { get; init; }

    /// <summary>An account; of a guest, an id made from the e-mail address.</summary>
    public required UserId Buyer { get; init; }

    public required string Code { get; init; }

    public required Money Total { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Of the secret that opens a guest's booking.</summary>
    public string? SecretHash { get; set; }

    /// <summary>At least one; empty where they were not read.</summary>
    public IReadOnlyList<BookingLine> Lines { get; set; } = [];

    /// <summary>Those issued just now; empty where they were not read.</summary>
    public IReadOnlyList<Ticket> Tickets { get; private set; } = [];

    /// <summary>Places it has, or had when it ended.</summary>
    public required int Quantity { get; set; }

    public required BookingStatus Status { get; set; }

    /// <summary>When the hold ends; null unless held.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>It has its places still.</summary>
    public bool IsLive => Status is BookingStatus.Held or BookingStatus.Confirmed;

    /// <summary>What its buyer has of it, in minor units of its currency: the price of the places it has.</summary>
    public long Worth => Status == BookingStatus.Confirmed ? Lines.Sum(line => line.Price * line.Places) : 0;

    /// <summary>
    /// Takes places of all its types, or of none: confirmed with its tickets where there is nothing to pay, else held
    /// until <paramref name="hold"/> has passed.
    /// </summary>
    /// <param name="of">The event.</param>
    /// <param name="offer">Its types and pools, locked.</param>
    /// <param name="order">Who wants what.</param>
    /// <param name="bought">What the buyer has already, of a type that limits it.</param>
    /// <param name="hold">How long unpaid places are kept.</param>
    /// <param name="signer">Of ticket codes.</param>
    /// <param name="now">The time of the decision.</param>
    public static Result<Booking> Place(
        Event of,
        Offer offer,
        BookingOrder order,
        Func<TicketType, int> bought,
        TimeSpan hold,
        ITicketSigner signer,
        DateTimeOffset now)
    {
        if (of.WhyNotOnSale(now) is { } refusal)
        {
            return refusal;
        }

        var chosen = BookingLines.Choose(offer, order, now);
        if (chosen.Failed(out var problem))
        {
            return problem;
        }

        var lines = chosen.Value;
        if ((offer.WhyNotTake(lines) ?? BookingLines.WhyNot(offer, lines, bought)) is { } full)
        {
            // Whose address it is nobody has shown: how much the person has already is for themselves to know.
            return order.IsGuest ? full.WithoutLeft() : full;
        }

        var total = new Money(lines.Sum(line => line.Price * line.Places), of.Details.Price.Currency);
        if (offer.Take(lines, sell: total.IsZero).Failed(out problem))
        {
            return problem;
        }

        return new Booking
        {
            Id = BookingId.New(now),
            Event = of.Id,
            Buyer = order.Buyer,
            Email = order.Email,
            Name = order.Name,
            Code = RandomCode.Booking(),
            Quantity = lines.Sum(line => line.Places),
            Total = total,
            CreatedAt = now,
            Status = total.IsZero ? BookingStatus.Confirmed : BookingStatus.Held,
            ExpiresAt = total.IsZero ? null : now + hold,
            Lines = lines,
            Tickets = total.IsZero ? Ticket.Issue(of.Id, lines, signer, now) : [],
        };
    }

    /// <summary>
    /// It is paid: the places it holds are sold. One whose hold has lapsed takes them anew, if it still can; a refusal
    /// says why not.
    /// </summary>
    /// <param name="of">The event.</param>
    /// <param name="offer">Its types and pools, locked.</param>
    /// <param name="bought">What the buyer has by now, of a type that limits it.</param>
    /// <param name="signer">Of ticket codes.</param>
    /// <param name="now">The time of the decision.</param>
    public Result<Done> Confirm(
        Event of, Offer offer, Func<TicketType, int> bought, ITicketSigner signer, DateTimeOffset now)
    {
        switch (Status)
        {
            case BookingStatus.Held when of.Status == EventStatus.Cancelled:
                return TicketingProblems.NotOnSale();
            case BookingStatus.Held:
                offer.Confirm(Lines);
                break;
            case BookingStatus.Expired
                when (of.WhyNotOnSale(now) ?? BookingLines.WhyNot(offer, Lines, bought)) is { } refusal:
                return refusal;
            case BookingStatus.Expired:
                if (offer.Take(Lines, sell: true).Failed(out var problem))
                {
                    return problem;
                }

                break;
            default:
                return TicketingProblems.NotPayable(Status);
        }

        Status = BookingStatus.Confirmed;
        ExpiresAt = null;
        Tickets = Ticket.Issue(of.Id, Lines, signer, now);
        return new Done();
    }

    /// <summary>Gives the places of a live booking back to its pools.</summary>
    public void Cancel(Offer offer)
    {
        if (!IsLive)
        {
            throw new InvalidOperationException($"A booking that is {Status.ToText()} has no places to give back.");
        }

        offer.Release(Lines, sold: Status == BookingStatus.Confirmed);
        Status = BookingStatus.Cancelled;
        ExpiresAt = null;
    }

    /// <summary>Gives one place of a confirmed booking back; with the last one the booking ends.</summary>
    public void CancelPlace(Offer offer, TicketTypeId type)
    {
        if (Status != BookingStatus.Confirmed)
        {
            throw new InvalidOperationException($"A booking that is {Status.ToText()} has no tickets to cancel.");
        }

        if (Quantity == 1)
        {
            Cancel(offer);
            return;
        }

        offer.Release([new BookingLine(type, Quantity: 1, Cancelled: 0, Price: 0)], sold: true);
        Lines = [.. Lines.Select(line => line.Type == type ? line.WithoutOne() : line)];
        Quantity--;
    }
}

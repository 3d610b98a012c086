using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Places of one type as they are stored.</summary>
internal sealed class BookingLineRow
{
    public Guid BookingId { get; init; }

    public Guid TicketTypeId { get; init; }

    public int Quantity { get; init; }

    public int Cancelled { get; init; }

    public long Price { get; init; }

    public BookingLine ToDomain() => new(new TicketTypeId(TicketTypeId), Quantity, Cancelled, Price);
}

/// <summary>A booking as it is stored.</summary>
internal sealed class BookingRow
{
    public Guid EventId { get; init; }

    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    public string Code { get; init; } = "";

    public int Quantity { get; init; }

    public long Total { get; init; }

    public string Currency { get; init; } = "";

    public string Status { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? SecretHash { get; init; }

    /// <summary>
    /// A process of the release before, still running beside this one, writes no lines: its places are those of
    /// the type every event had then, which has the event's id.
    /// </summary>
    private BookingLine Only => new(new TicketTypeId(EventId), Quantity, Cancelled: 0, Total / Quantity);

    public Booking ToDomain(IReadOnlyList<BookingLine> lines) => new()
    {
        Id = new BookingId(Id),
        Event = new EventId(EventId),
        Buyer = new UserId(UserId),
        Code = Code,
        Quantity = Quantity,
        Total = new Money(Total, Kernel.Currency.Parse(Currency)),
        CreatedAt = CreatedAt,
        Status = BookingStatuses.Parse(Status),
        ExpiresAt = ExpiresAt,
        Email = Email,
        Name = Name,
        SecretHash = SecretHash,
        Lines = lines.Count == 0 ? [Only] : lines,
    };
}

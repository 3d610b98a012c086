namespace Gatehouse.Kernel;

/// <summary>
/// Makes UUIDv7 (RFC 9562): ids sort by the time they were made. The random part comes from the operating system.
/// </summary>
public static class Ids
{
#pragma warning disable RS0030 // The one place that makes ids.
    public static Guid New(DateTimeOffset now) => Guid.CreateVersion7(now);
#pragma warning restore RS0030
}

public readonly record struct UserId(Guid Value)
{
    public static UserId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct SessionId(Guid Value)
{
    public static SessionId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct EventId(Guid Value)
{
    public static EventId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct BookingId(Guid Value)
{
    public static BookingId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct TicketId(Guid Value)
{
    public static TicketId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct TicketTypeId(Guid Value)
{
    public static TicketTypeId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct CheckInId(Guid Value)
{
    public static CheckInId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct PaymentId(Guid Value)
{
    public static PaymentId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct RefundId(Guid Value)
{
    public static RefundId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

public readonly record struct EntryId(Guid Value)
{
    public static EntryId New(DateTimeOffset now) => new(Ids.New(now));

    public override string ToString() => Value.ToString();
}

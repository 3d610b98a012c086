using System.Runtime.InteropServices;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Places of one type in a booking.</summary>
/// <param name="Type">What was chosen.</param>
/// <param name="Quantity">Places booked.</param>
/// <param name="Cancelled">Of them those whose tickets were cancelled one by one.</param>
/// <param name="Price">Of one place when it was booked, in minor units.</param>
internal sealed record BookingLine(TicketTypeId Type, int Quantity, int Cancelled, long Price)
{
    /// <summary>Places it has while its booking is live.</summary>
    public int Places => Quantity - Cancelled;

    /// <summary>The same with one place less.</summary>
    public BookingLine WithoutOne() => this with { Cancelled = Cancelled + 1 };
}

/// <summary>What a buyer asks for, type by type; without items so many places of the only type.</summary>
internal sealed record BookingOrder(UserId Buyer, IReadOnlyList<OrderItem>? Items, int? Quantity)
{
    /// <summary>Of all types.</summary>
    public int Places => Items?.Sum(item => item.Quantity) ?? Quantity ?? 1;

    public string? Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Without an account: who has the booking's secret opens it.</summary>
    public bool IsGuest { get; init; }
}

/// <summary>So many places of a type.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OrderItem(TicketTypeId Type, int Quantity);

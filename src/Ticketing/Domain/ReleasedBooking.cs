using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>A booking that gave its places back, and from which side of the pool they came.</summary>
internal sealed record ReleasedBooking(BookingId Id, UserId Buyer, int Quantity, bool WasHeld);

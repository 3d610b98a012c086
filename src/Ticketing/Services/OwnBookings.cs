using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Finds a booking for its buyer, and so its event: someone else's is like none.</summary>
internal sealed class OwnBookings(EventLocks locks, IBookingRepository bookings)
{
    /// <summary>Whose booking is asked for: of a guest, whoever has its secret. Null where that is nobody.</summary>
    public async Task<UserId?> Buyer(BookingAccess access, BookingId id, CancellationToken cancellation)
    {
        if (access.Secret is not { } secret)
        {
            return access.Caller?.User;
        }

        return await bookings.FindGuest(id, cancellation) is var (guest, hash) && GuestSecrets.Matches(secret, hash)
            ? guest
            : null;
    }

    /// <summary>The booking, with its event locked; null where it is not that buyer's.</summary>
    public async Task<OwnBooking?> Take(BookingAccess access, Guid id, CancellationToken cancellation)
    {
        var booking = new BookingId(id);
        if (await Buyer(access, booking, cancellation) is not { } buyer ||
            await bookings.FindEvent(booking, buyer, cancellation) is not { } of ||
            await locks.Take(of, cancellation) is not { } locked)
        {
            return null;
        }

        OwnBooking? own = null;
        try
        {
            own = await bookings.Find(locked.Unit, of, booking) is { } found && found.Buyer == buyer
                ? new OwnBooking(locked, found)
                : null;
            return own;
        }
        finally
        {
            // Also when the caller hung up meanwhile: an event that stays locked is sold to nobody.
            if (own is null)
            {
                await locked.DisposeAsync();
            }
        }
    }
}

/// <summary>A booking whose event nobody else changes until this is disposed.</summary>
internal sealed record OwnBooking(LockedEvent Locked, Booking Booking) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Locked.DisposeAsync();
}

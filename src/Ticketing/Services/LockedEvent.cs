using Gatehouse.Contracts;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// What every change of an event or its bookings begins and ends with, so that a lapsed hold counts as free in the very
/// next decision, whichever that is.
/// </summary>
internal sealed class EventLocks(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    IEventRepository events,
    IBookingRepository bookings,
    TicketKeyService keys,
    TimeProvider time)
{
    // However many holds have lapsed, no transaction grows with them.
    private const int LapsedMax = 1_000;

    /// <summary>
    /// The event as it is now, in a transaction that nobody changes it beside; null where there is none.
    /// </summary>
    public async Task<LockedEvent?> Take(EventId id, CancellationToken cancellation)
    {
        while (true)
        {
            var locked = await TakeOnce(id, cancellation);
            if (locked is null || locked.Lapsed < LapsedMax)
            {
                return locked;
            }

            // There may be more: keep what was tidied, and look again.
            await using (locked)
            {
                await locked.Commit([]);
            }
        }
    }

    /// <summary>The same of an event that is the caller's to change; null also where it is not.</summary>
    public async Task<LockedEvent?> TakeOwn(Caller caller, Guid id, CancellationToken cancellation)
    {
        var locked = await Take(new EventId(id), cancellation);
        if (locked is null || locked.Event.MayChange(caller))
        {
            return locked;
        }

        await locked.DisposeAsync();
        return null;
    }

    private async Task<LockedEvent?> TakeOnce(EventId id, CancellationToken cancellation)
    {
        // Before the transaction: it may have to be read.
        var signer = await keys.Signer(cancellation);
        var unit = await database.Begin(cancellation);
        try
        {
            if (await events.Lock(unit, id) is not var (@event, offer))
            {
                await unit.DisposeAsync();
                return null;
            }

            var now = time.Now();
            var lapsed = offer.HasHolds ? await GiveBackLapsed(unit, id, offer, now) : 0;
            return new LockedEvent(
                unit, bookings, @event, lapsed == 0 ? offer : offer.Settled(), lapsed, signer, now);
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    private async Task<int> GiveBackLapsed(UnitOfWork unit, EventId id, Offer offer, DateTimeOffset now)
    {
        var lapsed = await bookings.ExpireHolds(unit, id, now, LapsedMax);
        if (lapsed.Count > 0)
        {
            foreach (var hold in lapsed)
            {
                offer.Release(hold.Lines, sold: false);
            }

            await bookings.MovePlaces(unit, id, offer);
            await Outbox.Add(unit, [.. lapsed.Select(hold => hold.ToReleased(now))]);
        }

        return lapsed.Count;
    }
}

/// <summary>An event that nobody else changes until this is disposed; undone unless committed.</summary>
internal sealed class LockedEvent(
    UnitOfWork unit,
    IBookingRepository bookings,
    Event of,
    Offer offer,
    int lapsed,
    ITicketSigner signer,
    DateTimeOffset now) : IAsyncDisposable
{
    public UnitOfWork Unit => unit;

    public Event Event => of;

    /// <summary>Its types and places, those of lapsed holds given back.</summary>
    public Offer Offer => offer;

    /// <summary>How many holds had lapsed and were tidied on the way: something to commit.</summary>
    public int Lapsed => lapsed;

    /// <summary>Of the tickets that are made.</summary>
    public ITicketSigner Signer => signer;

    /// <summary>The time, read after the wait for the lock.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Writes where the places went, tells of what happened, and makes all of it durable.</summary>
    public async Task Commit(IEnumerable<IntegrationEvent> facts)
    {
        if (offer.HasChanged)
        {
            await bookings.MovePlaces(unit, of.Id, offer);
        }

        await Outbox.Add(unit, [.. facts]);
        await unit.Commit();
    }

    public ValueTask DisposeAsync() => unit.DisposeAsync();
}

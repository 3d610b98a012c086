using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

/// <summary>
/// The negative control of the races: a decision in memory that is wrong, and the database that says no.
/// </summary>
public sealed class BookingBatchTests
{
    private const int Size = 3;

    [OnEveryDatabase]
    [Trait("ASVS", "2.3.3")]
    public async Task A_wrong_decision_in_memory_is_refused_by_the_database_and_leaves_nothing_behind(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(Size, price: 100);
        await office.Book(@event.Id);
        office.Time.Advance(TimeSpan.FromMinutes(20));
        var bookings = office.Get<IBookingRepository>();
        var mistaken = new BookingBatch(
            new EventLocks(
                office.Database,
                new Mistaken(office.Get<IEventRepository>()),
                bookings,
                office.Get<TicketKeyService>(),
                office.Time),
            bookings,
            office.Get<GuestSecrets>(),
            new TicketingOptions());
        var request = Request(new EventId(@event.Id), Size + 1);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => mistaken.Decide(request.Event, [request]));

        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
        Assert.False(request.Answer.IsCompleted);
        Assert.Equal(1, await office.Count("bookings WHERE status = 'held'"));
        Assert.Equal(1, await office.Count("bookings"));
        Assert.Equal(1, await office.Count("outbox WHERE type LIKE 'booking.%'"));
        Assert.Equal(0, await office.Count("idempotency_keys"));
        Assert.Equal(1, await office.Count("pools WHERE held = 1 AND sold = 0"));
        // The lapsed hold is tidied up by the next decision that is right.
        Assert.Null((await office.Book(@event.Id, Size)).Problem);
    }

    [OnEveryDatabase]
    public async Task A_right_decision_of_the_same_batch_goes_through(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(Size);
        var request = Request(new EventId(@event.Id), Size);

        await office.Get<BookingBatch>().Decide(request.Event, [request]);

        Assert.Null((await request.Answer).Problem);
        Assert.Equal(1, await office.Count("idempotency_keys"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "15.4.2")]
    public async Task Places_are_not_moved_past_the_size_nor_below_none(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = new EventId((await office.Publish(Size)).Id);

        foreach (var (held, sold) in new[] { (0, Size + 1), (Size, 1), (-1, 0), (0, -1), (Size + 1, -1) })
        {
            await using var unit = await office.Database.Begin(default);
            var (_, offer) = (await office.Get<IEventRepository>().Lock(unit, of))!.Value;
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => office.Get<IBookingRepository>().MovePlaces(unit, of, Believing(offer, held, sold)));
        }

        Assert.Equal(Size, (await office.See(of.Value)).Available);
    }

    // A pool that takes itself for larger and fuller than it is, and has moved by so many places.
    private static Offer Believing(Offer offer, int held, int sold)
    {
        var pool = new Pool(offer.Own.Id, size: 1_000, held: 10, sold: 10);
        pool.Hold(Math.Max(held, 0));
        pool.Sell(Math.Max(sold, 0));
        pool.ReleaseHeld(Math.Max(-held, 0));
        pool.ReleaseSold(Math.Max(-sold, 0));
        return new Offer([pool], offer.Types);
    }

    private static BookingRequest Request(EventId of, int quantity)
    {
        var buyer = BoxOffice.Person().User;
        return new BookingRequest(
            of, new BookingOrder(buyer, Items: null, quantity), new IdempotentRequest(buyer, "key", "hash"), default);
    }

    /// <summary>Sees ten places more than there are.</summary>
    private sealed class Mistaken(IEventRepository real) : IEventRepository
    {
        public async Task<(Event Event, Offer Offer)?> Lock(UnitOfWork unit, EventId id)
        {
            var (@event, offer) = (await real.Lock(unit, id))!.Value;
            var own = offer.Own;
            return (@event, new Offer([new Pool(own.Id, own.Size + 10, own.Held, own.Sold)], offer.Types));
        }

        public Task<(Event Event, Offer Offer)?> Read(
            EventId id, DateTimeOffset now, CancellationToken cancellation) => real.Read(id, now, cancellation);

        public Task<bool> Insert(UnitOfWork unit, Event of, Pool own, TicketType standard) =>
            real.Insert(unit, of, own, standard);

        public Task Update(UnitOfWork unit, Event of, Pool own) => real.Update(unit, of, own);

        public Task<bool> Delete(UnitOfWork unit, EventId id) => real.Delete(unit, id);
    }
}

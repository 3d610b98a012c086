using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class BookingLanesTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [OnEveryDatabase]
    public async Task Request_whose_time_is_over_before_its_turn_is_not_executed(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider, new TicketingOptions { LaneBatchMax = 1 });
        var @event = await office.Publish(capacity: 10);
        using var deadline = new CancellationTokenSource();
        Task<Result<PlacedBooking>> first, late, last;
        await using (await office.Get<EventLocks>().Take(new EventId(@event.Id), default))
        {
            first = office.Book(@event.Id);
            late = office.Bookings.Place(
                BoxOffice.Person(), @event.Id, new PlaceBooking { Quantity = 2 }, idempotencyKey: null, deadline.Token);
            last = office.Book(@event.Id, 4);
            await deadline.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        }

        Assert.Null((await first).Problem);
        Assert.Null((await last).Problem);
        Assert.Equal(10 - 1 - 4, (await office.See(@event.Id)).Available);
        Assert.Equal(2, await office.Count("bookings"));
    }

    [OnEveryDatabase]
    public async Task Buyers_of_fifty_events_do_not_wait_for_the_crowd_of_one(DatabaseProvider provider)
    {
        const int crowd = 1_000;
        await using var office = await BoxOffice.Open(provider, new TicketingOptions { LaneBatchMax = 8 });
        var hot = await office.Publish(crowd);
        var cold = new List<EventView>();
        for (var i = 1; i < 50; i++)
        {
            cold.Add(await office.Publish(1));
        }

        var served = 0;
        var many = Enumerable.Range(0, crowd).Select(_ => Served(office.Book(hot.Id))).ToArray();
        var few = await Task.WhenAll(cold.Select(@event => office.Book(@event.Id)));

        // Had they waited behind those who came before them, all of the crowd would be served by now.
        Assert.InRange(Volatile.Read(ref served), 0, crowd / 2);
        Assert.All(few, answer => Assert.Null(answer.Problem));
        Assert.All(await Task.WhenAll(many), answer => Assert.Null(answer.Problem));

        async Task<Result<PlacedBooking>> Served(Task<Result<PlacedBooking>> booking)
        {
            var answer = await booking;
            Interlocked.Increment(ref served);
            return answer;
        }
    }

    [OnEveryDatabase]
    public async Task Lanes_without_work_are_gone(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var lanes = office.Get<BookingLanes>();
        var events = new[] { await office.Publish(5), await office.Publish(5), await office.Publish(5) };
        var bookings = new List<Task<Result<PlacedBooking>>>();
        await using (await office.Get<EventLocks>().Take(new EventId(events[0].Id), default))
        {
            bookings.AddRange(events.Select(@event => office.Book(@event.Id)));
            Assert.InRange(lanes.Count, 1, events.Length);
        }

        Assert.All(await Task.WhenAll(bookings), answer => Assert.Null(answer.Problem));
        await Poll.Until(() => lanes.Count == 0, Soon, "the lanes to end");
        Assert.Null((await office.Book(events[0].Id)).Problem);
    }
}

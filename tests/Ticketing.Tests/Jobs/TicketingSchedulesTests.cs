using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Jobs;

public sealed class TicketingSchedulesTests
{
    [OnEveryDatabase]
    public async Task Lapsed_holds_are_given_back_and_told_of_events_that_nobody_looks_at(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var forgotten = new[] { await office.Publish(10, price: 500), await office.Publish(10, price: 500) };
        foreach (var of in forgotten)
        {
            await office.Book(of.Id, quantity: 2);
            await office.Book(of.Id, quantity: 3);
        }

        office.Time.Advance(TimeSpan.FromMinutes(10));
        var fresh = await office.Publish(10, price: 500);
        await office.Book(fresh.Id, quantity: 4);
        office.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("lapsed holds of 2 events given back", await Run(office, "ticketing.expire-holds"));

        Assert.Equal(4, await office.Count("bookings WHERE status = 'expired'"));
        Assert.Equal(4, await office.Count("outbox WHERE type = 'booking.expired'"));
        Assert.Equal(2, await office.Count("pools WHERE held = 0"));
        Assert.Equal(1, await office.Count("pools WHERE held = 4"));
        Assert.Equal("lapsed holds of 0 events given back", await Run(office, "ticketing.expire-holds"));
    }

    [OnEveryDatabase]
    public async Task Idempotency_keys_are_kept_for_their_day_and_not_longer(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(10);
        var buyer = BoxOffice.Person();
        await office.Book(of.Id, buyer: buyer, key: "old");
        office.Time.Advance(TimeSpan.FromHours(23));
        await office.Book(of.Id, buyer: buyer, key: "young");

        Assert.Equal("0 keys deleted", await Run(office, "ticketing.prune-idempotency-keys"));
        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("1 keys deleted", await Run(office, "ticketing.prune-idempotency-keys"));

        Assert.Equal(1, await office.Count("idempotency_keys WHERE key = 'young'"));
        Assert.True((await office.Book(of.Id, buyer: buyer, key: "young")).Value.Replayed);
    }

    private static Task<string> Run(BoxOffice office, string name) => office.Get<IEnumerable<ISchedule>>()
        .Single(schedule => schedule.Name == name).Run(CancellationToken.None);
}

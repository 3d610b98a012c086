using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class EventCancellationTests
{
    [OnEveryDatabase]
    public async Task Cancelled_event_sells_nothing_and_gives_every_place_back_once(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = office.Second();
        var of = await office.Publish(capacity: 1_000);
        var free = (await office.SeeTypes(of.Id))[0];
        var paid = await office.AddType(of.Id, new CreateTicketType("Balcony", Price: 500));
        await Task.WhenAll(Enumerable.Range(0, 320).Select(i =>
            office.Book(of.Id, null, null, (i % 8 == 0 ? paid : free, 2))));
        Assert.Equal(320, await office.Count("bookings WHERE status IN ('held', 'confirmed')"));

        Assert.Equal("cancelled", (await Cancel(office, of)).Value.Status);
        Assert.Equal("event_not_on_sale", (await office.Book(of.Id)).Problem?.Code.Name);
        Assert.Equal(1, await office.Count($"jobs WHERE kind = '{EventCancellation.JobKind}'"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Run(office, of, diesAfterReports: 1));
        Assert.Equal(220, await office.Count("bookings WHERE status IN ('held', 'confirmed')"));
        await Task.WhenAll(Run(office, of), Run(second, of));

        Assert.Equal(320, await office.Count("bookings WHERE status = 'cancelled'"));
        Assert.Equal(0, await office.Count("tickets WHERE status = 'valid'"));
        Assert.Equal(0, await office.Count("pools WHERE held <> 0 OR sold <> 0"));
        Assert.Equal(320, await office.Count(
            "outbox WHERE type = 'booking.cancelled' AND payload LIKE '%\"reason\":\"event_cancelled\"%'"));
        Assert.Equal(320, await office.Count("audit_log WHERE action = 'booking.cancelled'"));
    }

    [Fact]
    public async Task Event_is_cancelled_once_however_often_it_is_asked()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var of = await office.Publish(capacity: 5);
        await office.Book(of.Id);

        Assert.Null((await Cancel(office, of)).Problem);
        Assert.Null((await Cancel(office, of)).Problem);
        await Run(office, of);
        await Run(office, of);

        Assert.Equal(1, await office.Count("bookings WHERE status = 'cancelled'"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.cancelled'"));
    }

    private static Task<Result<EventView>> Cancel(BoxOffice office, EventView of) => office.Events.Update(
        office.Organizer, of.Id, new UpdateEvent { Status = "cancelled" }, null, CancellationToken.None);

    private static Task Run(BoxOffice office, EventView of, int diesAfterReports = int.MaxValue)
    {
        var run = new Attempt(diesAfterReports) { Id = of.Id, Payload = of.Id.ToString(), Attempt = 1, IsLast = false };
        return office.Get<IEnumerable<IJob>>().Single(job => job.Kind == EventCancellation.JobKind)
            .Run(run, CancellationToken.None);
    }

    private sealed class Attempt(int reportsMax) : JobRun
    {
        private int reports;

        public override Task Report(int percent, string? note, CancellationToken cancellation) =>
            ++reports < reportsMax ? Task.CompletedTask : throw new InvalidOperationException("The worker died.");

        public override Task Complete(UnitOfWork unit, string? result) => Task.CompletedTask;
    }
}

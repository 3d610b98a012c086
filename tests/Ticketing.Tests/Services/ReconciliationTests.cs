using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class ReconciliationTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    private static readonly (string Sql, string[] Kinds)[] Breaks =
    [
        ("UPDATE payments SET amount = amount - 1 WHERE status = 'succeeded'", ["money"]),
        ("UPDATE payments SET status = 'failed' WHERE status = 'succeeded'", ["money"]),
        ("DELETE FROM refunds", ["money"]),
        ("UPDATE tickets SET status = 'void'", ["tickets"]),
        ("UPDATE tickets SET status = 'valid'", ["tickets"]),
        ("UPDATE pools SET held = held + 1", ["pool_held"]),
        ("UPDATE pools SET sold = sold - 1 WHERE sold > 0", ["pool_sold"]),
        ("UPDATE bookings SET quantity = quantity + 1 WHERE status = 'held'", ["places"]),
        ("UPDATE bookings SET status = 'confirmed', expires_at = NULL WHERE status = 'held'",
            ["money", "pool_held", "pool_sold", "tickets"]),
    ];

    [OnEveryDatabase]
    public async Task Whatever_is_broken_by_hand_is_listed_and_nothing_else_is(DatabaseProvider provider)
    {
        foreach (var (sql, kinds) in Breaks)
        {
            await using var office = await BoxOffice.Open(provider);
            await Fill(office);
            Assert.Empty(await All(office));

            await Change(office, sql);

            Assert.Equal(kinds, await Kinds(office));
        }
    }

    [OnEveryDatabase]
    public async Task What_nobody_settles_is_listed_in_the_end(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        await Fill(office);

        office.Time.Advance(TimeSpan.FromDays(8));

        Assert.Equal(["payment_pending", "refund_due"], await Kinds(office));
    }

    [OnEveryDatabase]
    public async Task A_cancelled_event_whose_job_is_gone_is_listed_until_it_is_cancelled_again(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 50);
        await office.Book(@event.Id);
        var cancel = new UpdateEvent { Status = "cancelled" };
        await office.Events.Update(office.Organizer, @event.Id, cancel, null, cancellation);
        Assert.Empty(await All(office));
        await Change(office, "DELETE FROM jobs");
        Assert.Equal(["event_cancelled"], await Kinds(office));

        await office.Events.Update(office.Organizer, @event.Id, cancel, null, cancellation);
        await new JobsByHand(office).Run();

        Assert.Empty(await All(office));
        Assert.Equal(1, await office.Count("bookings WHERE status = 'cancelled'"));
    }

    [OnEveryDatabase]
    public async Task What_does_not_add_up_is_read_page_by_page(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 50);
        for (var i = 0; i < 5; i++)
        {
            await office.Book(@event.Id);
        }

        await Change(office, "UPDATE tickets SET status = 'void'");
        await Change(office, "UPDATE bookings SET quantity = 2");

        var (seen, after, pages) = (new List<Discrepancy>(), (Cursor?)null, 0);
        do
        {
            var page = await office.Get<IReconciliation>().List(new PageRequest(2, null, after), cancellation);
            seen.AddRange(page.Items);
            after = Cursor.TryParse(page.NextCursor, out var next) ? next : null;
            pages++;
        }
        while (after is not null);

        Assert.Equal((3, 10), (pages, seen.Distinct().Count()));
        Assert.Equal(10, seen.Count);
    }

    // One paid and shortened, one held with a payment, one cancelled after it was paid, one free.
    private async Task Fill(BoxOffice office)
    {
        var buyer = BoxOffice.Person();
        var @event = await office.Publish(capacity: 50, price: 1_000);
        await office.AddType(@event.Id, new CreateTicketType("Balcony", Capacity: 9));
        var standard = (await office.SeeTypes(@event.Id))[0];
        var paid = (await office.Book(@event.Id, buyer, null, (standard, 3))).Value.Booking;
        await office.Mark(await office.Pay(buyer, paid), "succeeded");
        var tickets = (await office.Bookings.Get(buyer, paid.Id, cancellation)).Value.Tickets;
        await office.Bookings.CancelTicket(buyer, paid.Id, tickets[0].Id, cancellation);
        var cancelled = (await office.Book(@event.Id, buyer, null, (standard, 1))).Value.Booking;
        await office.Mark(await office.Pay(buyer, cancelled), "succeeded");
        await office.Bookings.Cancel(buyer, cancelled.Id, cancellation);
        await office.Pay(buyer, (await office.Book(@event.Id, buyer, null, (standard, 2))).Value.Booking);
    }

    private async Task Change(BoxOffice office, string statement)
    {
        await using var unit = await office.Database.Begin(cancellation);
        await unit.Execute(statement);
        await unit.Commit();
    }

    private async Task<string[]> Kinds(BoxOffice office) =>
        [.. (await All(office)).Select(found => found.Kind).Distinct().Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<Discrepancy>> All(BoxOffice office) => (await office.Get<IReconciliation>().List(
        new PageRequest(PageRequest.LimitMax, null, null), cancellation)).Items;
}

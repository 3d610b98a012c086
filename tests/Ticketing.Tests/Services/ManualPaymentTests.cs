using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class ManualPaymentTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Money_confirms_the_booking_with_its_tickets_once(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 1_000);
        var buyer = BoxOffice.Person();
        var held = (await office.Book(@event.Id, 2, buyer)).Value.Booking;

        var payment = await office.Pay(buyer, held);
        Assert.Equal(("pending", 2_000, "manual"), (payment.Status, payment.Amount, payment.Provider));
        Assert.Equal(held.ExpiresAt, payment.ExpiresAt);
        Assert.Equal(payment.Id, (await office.Pay(buyer, held)).Id);
        for (var again = 0; again < 2; again++)
        {
            Assert.Equal("succeeded", (await office.Mark(payment, "succeeded")).Value.Status);
        }

        var seen = (await office.Bookings.Get(buyer, held.Id, cancellation)).Value;
        Assert.Equal(("confirmed", 2, null), (seen.Status, seen.Tickets.Count, seen.ExpiresAt));
        Assert.Equal("succeeded", Assert.Single(seen.Payments!).Status);
        Assert.Equal(1, await office.Count("pools WHERE held = 0 AND sold = 2"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.confirmed'"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'payment.succeeded'"));
        Assert.Equal("booking_not_payable",
            (await office.Payments.Begin(buyer, held.Id, new BeginPayment(), cancellation)).Problem?.Code.Name);
        Assert.Equal("payment_state", (await office.Mark(payment, "failed")).Problem?.Code.Name);
        Assert.Equal("payment_state", (await office.Mark(payment, "refunded")).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Late_money_gets_the_places_where_they_are_free_and_else_goes_back(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 2, price: 1_000);
        var (early, late) = (BoxOffice.Person(), BoxOffice.Person());
        var first = (await office.Book(@event.Id, 1, early)).Value.Booking;
        var second = (await office.Book(@event.Id, 1, late)).Value.Booking;
        var (paid, tooLate) = (await office.Pay(early, first), await office.Pay(late, second));
        office.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("booking_not_payable",
            (await office.Payments.Begin(early, first.Id, new BeginPayment(), cancellation)).Problem?.Code.Name);

        Assert.Equal("succeeded", (await office.Mark(paid, "succeeded")).Value.Status);
        var other = (await office.Book(@event.Id, 1)).Value.Booking;
        var refused = (await office.Mark(tooLate, "succeeded")).Value;

        Assert.Equal(("refund_due", 1_000), (refused.Status, refused.RefundDue));
        Assert.Equal("confirmed", (await office.Bookings.Get(early, first.Id, cancellation)).Value.Status);
        var seen = (await office.Bookings.Get(late, second.Id, cancellation)).Value;
        Assert.Equal(("expired", "refund_due"), (seen.Status, seen.Payments![0].Status));
        Assert.Equal(("held", 0), (other.Status, (await office.See(@event.Id)).Available));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'payment.refund_due'"));

        for (var again = 0; again < 2; again++)
        {
            Assert.Equal("refunded", (await office.Mark(tooLate, "refunded")).Value.Status);
        }

        Assert.Equal(1, await office.Count("outbox WHERE type = 'payment.refunded'"));
    }

    [OnEveryDatabase]
    public async Task What_is_cancelled_after_it_was_paid_is_due_to_go_back_to_the_cent(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 750);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 3, buyer)).Value.Booking;
        var payment = await office.Pay(buyer, booking);
        await office.Mark(payment, "succeeded");
        var tickets = (await office.Bookings.Get(buyer, booking.Id, cancellation)).Value.Tickets;

        await office.Bookings.CancelTicket(buyer, booking.Id, tickets[0].Id, cancellation);
        Assert.Equal(("refund_due", 750, 0), await Seen());
        await office.Mark(payment, "refunded");
        Assert.Equal(("succeeded", 0, 750), await Seen());
        for (var again = 0; again < 2; again++)
        {
            await office.Bookings.Cancel(buyer, booking.Id, cancellation);
            Assert.Equal(("refund_due", 1_500, 750), await Seen());
        }

        await office.Mark(payment, "refunded");
        Assert.Equal(("refunded", 0, 2_250), await Seen());

        async Task<(string, long, long)> Seen()
        {
            var seen = (await office.Bookings.Get(buyer, booking.Id, cancellation)).Value.Payments![0];
            return (seen.Status, seen.RefundDue, seen.Refunded);
        }
    }

    [OnEveryDatabase]
    public async Task Money_for_what_was_cancelled_or_paid_meanwhile_goes_back(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 1_000);
        var buyer = BoxOffice.Person();
        var cancelled = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var first = await office.Pay(buyer, cancelled);
        await office.Bookings.Cancel(buyer, cancelled.Id, cancellation);
        Assert.Equal("refund_due", (await office.Mark(first, "succeeded")).Value.Status);

        // Said to have failed, tried again, and then both came.
        var twice = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var failed = await office.Pay(buyer, twice);
        Assert.Equal("failed", (await office.Mark(failed, "failed")).Value.Status);
        var again = await office.Pay(buyer, twice);
        Assert.NotEqual(failed.Id, again.Id);
        Assert.Equal("succeeded", (await office.Mark(again, "succeeded")).Value.Status);
        await office.Mark(failed, "succeeded");

        var payments = (await office.Bookings.Get(buyer, twice.Id, cancellation)).Value.Payments!;
        Assert.Equal(1_000, payments.Sum(payment => payment.Amount - payment.RefundDue));
        Assert.Equal(1, await office.Count("pools WHERE held = 0 AND sold = 1"));
    }

    [OnEveryDatabase]
    public async Task A_cancelled_event_takes_no_money_and_sells_nothing_for_what_comes(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 1_000);
        var (buyer, other) = (BoxOffice.Person(), BoxOffice.Person());
        var booking = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var payment = await office.Pay(buyer, booking);
        var unpaid = (await office.Book(@event.Id, 1, other)).Value.Booking;
        await office.Events.Update(
            office.Organizer, @event.Id, new UpdateEvent { Status = "cancelled" }, null, cancellation);

        // Before the job has come by.
        Assert.Equal("refund_due", (await office.Mark(payment, "succeeded")).Value.Status);
        Assert.Equal("event_not_on_sale", (await office.Payments.Begin(
            other, unpaid.Id, new BeginPayment(), cancellation)).Problem?.Code.Name);
        Assert.Equal(0, await office.Count("tickets"));
        var seen = await office.Get<IEventReports>().Booking(office.Organizer, @event.Id, booking.Id, cancellation);
        Assert.Equal((payment.Id, 1_000L), (seen.Value.Payments![0].Id, seen.Value.Payments[0].RefundDue));
    }

    [OnEveryDatabase]
    public async Task Late_money_does_not_lift_the_limit_of_a_buyer(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 1_000);
        var few = await office.AddType(@event.Id, new CreateTicketType("Few", Price: 500, BuyerMax: 1));
        var buyer = BoxOffice.Person();
        var first = (await office.Book(@event.Id, buyer, null, (few, 1))).Value.Booking;
        var payment = await office.Pay(buyer, first);
        office.Time.Advance(TimeSpan.FromMinutes(20));
        await office.Book(@event.Id, buyer, null, (few, 1));

        Assert.Equal("refund_due", (await office.Mark(payment, "succeeded")).Value.Status);
    }

    [OnEveryDatabase]
    public async Task Only_the_buyer_pays_and_only_the_organizer_marks(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 1_000);
        var other = await office.Publish(capacity: 5, price: 1_000);
        var (buyer, stranger) = (BoxOffice.Person(), BoxOffice.Person(Role.Organizer));
        var booking = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var payment = await office.Pay(buyer, booking);
        var paid = new MarkPayment("succeeded");

        var problems = new[]
        {
            (await office.Payments.Begin(stranger, booking.Id, new BeginPayment(), cancellation)).Problem,
            (await office.Payments.Begin(buyer, Guid.NewGuid(), new BeginPayment(), cancellation)).Problem,
            (await office.Payments.Mark(stranger, @event.Id, booking.Id, payment.Id, paid, cancellation)).Problem,
            (await office.Payments.Mark(
                office.Organizer, other.Id, booking.Id, payment.Id, paid, cancellation)).Problem,
            (await office.Payments.Mark(
                office.Organizer, @event.Id, booking.Id, Guid.NewGuid(), paid, cancellation)).Problem,
        };

        Assert.All(problems, problem => Assert.Equal("not_found", problem?.Code.Name));
        Assert.Equal("validation_failed", (await office.Mark(payment, "done")).Problem?.Code.Name);
        Assert.Equal("validation_failed", (await office.Payments.Begin(
            buyer, booking.Id, new BeginPayment("gold"), cancellation)).Problem?.Code.Name);
    }
}

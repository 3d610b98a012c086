using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class TestPaymentTests
{
    private static readonly TicketingOptions WithTest = new() { TestPayments = true };
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1_000, "confirmed", "succeeded", 1)]
    [InlineData(1_001, "held", "failed", 1)]
    [InlineData(1_003, "confirmed", "succeeded", 2)]
    [InlineData(1_005, "confirmed", "succeeded", 3)]
    public async Task The_amount_says_what_comes_and_each_callback_counts_once(
        long price, string booking, string payment, int callbacks)
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite, WithTest);
        var (buyer, held) = await Hold(office, price);
        await office.Pay(buyer, held);
        // Begun again, as by someone whose first answer was lost: nothing is sent twice.
        Assert.Equal("test", (await office.Pay(buyer, held)).Provider);

        Assert.Equal(0, await new JobsByHand(office).Run());

        var seen = (await office.Bookings.Get(buyer, held.Id, cancellation)).Value;
        Assert.Equal((booking, payment), (seen.Status, Assert.Single(seen.Payments!).Status));
        Assert.Equal(callbacks, await office.Count("payment_callbacks"));
        Assert.Equal(1, await office.Count("outbox WHERE type LIKE 'payment.%'"));
    }

    [OnEveryDatabase]
    public async Task A_callback_after_the_hold_confirms_or_is_refunded_by_the_provider_itself(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider, WithTest);
        var @event = await office.Publish(capacity: 1, price: 1_004);
        var buyer = BoxOffice.Person();
        var held = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        await office.Pay(buyer, held);
        office.Time.Advance(TimeSpan.FromMinutes(16));
        await office.Book(@event.Id);

        Assert.Equal(0, await new JobsByHand(office).Run());

        var seen = (await office.Bookings.Get(buyer, held.Id, cancellation)).Value;
        Assert.Equal(("expired", "refunded"), (seen.Status, seen.Payments![0].Status));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'payment.refunded'"));
    }

    [OnEveryDatabase]
    public async Task A_refund_that_fails_is_tried_again_and_a_lost_callback_is_asked_for(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider, WithTest);
        var (buyer, held) = await Hold(office, 1_006);
        var (other, silent) = await Hold(office, 1_007);
        await office.Pay(buyer, held);
        await office.Pay(other, silent);
        var jobs = new JobsByHand(office);
        await jobs.Run();
        await office.Bookings.Cancel(buyer, held.Id, cancellation);
        Assert.Equal("refund_due", await Status(office, buyer, held));
        Assert.Equal("pending", await Status(office, other, silent));

        Assert.Equal(1, await jobs.Run());
        office.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, await office.Get<PaymentLookService>().Look(cancellation));

        Assert.Equal("refunded", await Status(office, buyer, held));
        Assert.Equal("succeeded", await Status(office, other, silent));
        Assert.Equal(0, await office.Get<PaymentLookService>().Look(cancellation));
    }

    [OnEveryDatabase]
    public async Task A_refund_whose_job_is_gone_is_taken_up_after_an_hour(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider, WithTest);
        var (buyer, held) = await Hold(office, 1_000);
        await office.Pay(buyer, held);
        var jobs = new JobsByHand(office);
        await jobs.Run();
        await office.Bookings.Cancel(buyer, held.Id, cancellation);
        await using (var unit = await office.Database.Begin(cancellation))
        {
            await unit.Execute("DELETE FROM jobs");
            await unit.Commit();
        }

        var refunds = office.Get<RefundService>();
        Assert.Equal(0, await refunds.Resume(cancellation));
        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await refunds.Resume(cancellation));
        await jobs.Run();

        Assert.Equal("refunded", await Status(office, buyer, held));
        Assert.Equal(0, await refunds.Resume(cancellation));
    }

    [OnEveryDatabase]
    public async Task A_callback_that_is_not_the_providers_is_refused(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider, WithTest);
        var (buyer, held) = await Hold(office, 1_000);
        var payment = await office.Pay(buyer, held);
        var callbacks = office.Get<PaymentCallbackService>();
        var right = office.Get<TestPayments>().Sign($"{payment.Id} first succeeded");
        var forged = right with { Body = right.Body.ToArray().Append((byte)' ').ToArray() };
        var unsigned = right with { Headers = new Dictionary<string, string>() };
        var unknown = office.Get<TestPayments>().Sign($"{Guid.NewGuid()} other succeeded");

        Assert.Equal("invalid_signature", await Refusal("test", forged));
        Assert.Equal("invalid_signature", await Refusal("test", unsigned));
        Assert.Equal("not_found", await Refusal("test", unknown));
        Assert.Equal("not_found", await Refusal("manual", right));
        Assert.Equal("not_found", await Refusal("gold", right));
        Assert.Equal("pending", await Status(office, buyer, held));
        office.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("invalid_signature", await Refusal("test", right));

        var again = office.Get<TestPayments>().Sign($"{payment.Id} first succeeded");
        var received = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Refusal("test", again))));
        Assert.All(received, Assert.Null);
        Assert.Equal("succeeded", await Status(office, buyer, held));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.confirmed'"));

        async Task<string?> Refusal(string name, SignedCallback callback) =>
            (await callbacks.Receive(name, callback, cancellation)).Problem?.Code.Name;
    }

    private static async Task<(Caller Buyer, BookingView Booking)> Hold(BoxOffice office, long price)
    {
        var @event = await office.Publish(capacity: 5, price);
        var buyer = BoxOffice.Person();
        return (buyer, (await office.Book(@event.Id, 1, buyer)).Value.Booking);
    }

    private async Task<string> Status(BoxOffice office, Caller buyer, BookingView booking) =>
        Assert.Single((await office.Bookings.Get(buyer, booking.Id, cancellation)).Value.Payments!).Status;
}

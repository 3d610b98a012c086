using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

/// <summary>
/// Whatever happens between buyers, organizer and a provider that says things twice, late, in the wrong order or not at
/// all: money agrees with tickets at every look, and in the end nothing is open.
/// </summary>
public sealed class PaymentHistoryTests
{
    private const int Steps = 40;
    private const int Capacity = 6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Money_agrees_with_tickets_after_any_history(int part)
    {
        await using var office = await BoxOffice.Open(
            DatabaseProvider.Sqlite, new TicketingOptions { TestPayments = true });
        for (var seed = part * 50; seed < (part + 1) * 50; seed++)
        {
            var history = new History(office, seed);
            await history.Begin();
            for (var step = 0; step < Steps; step++)
            {
                await history.Step();
                if (step % 10 == 9)
                {
                    await history.Agrees($"step {step}");
                }
            }

            await history.End();
            await history.Agrees("the end");
            Assert.Equal((seed, 0L), (seed, await office.Count("refunds WHERE done_at IS NULL")));
            Assert.Equal((seed, 0L), (seed, await office.Count("payments WHERE status = 'pending'")));
        }
    }

#pragma warning disable CA5394 // The dice must fall the same each time.
    private sealed class History(BoxOffice office, int seed)
    {
        private static readonly string[] Marks = ["succeeded", "failed", "refunded"];
        private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
        private readonly Random dice = new(seed);
        private readonly JobsByHand jobs = new(office);
        private readonly List<Caller> buyers = [BoxOffice.Person(), BoxOffice.Person(), BoxOffice.Person()];
        private readonly List<(Caller Buyer, Guid Id)> bookings = [];
        private readonly List<PaymentView> payments = [];
        private readonly List<TicketTypeView> types = [];
        private Guid of;

        public async Task Begin()
        {
            of = (await office.Publish(Capacity, price: 1_000 + dice.Next(9))).Id;
            types.AddRange(await office.SeeTypes(of));
            types.Add(await office.AddType(
                of, new CreateTicketType("Small", Price: 100 + dice.Next(9), Capacity: 2, BuyerMax: 2)));
        }

        public Task Step() => dice.Next(bookings.Count == 0 ? 1 : 9) switch
        {
            0 => Book(One(buyers)),
            1 or 2 => Pay(One(bookings)),
            3 when payments.Count > 0 => office.Mark(One(payments), One(Marks)),
            4 => Cancel(One(bookings)),
            5 => CancelTicket(One(bookings)),
            6 => Pass(TimeSpan.FromMinutes(dice.Next(1, 12))),
            7 when payments.Count > 0 => CallBack(One(payments)),
            // Some are lost for now.
            _ => jobs.Run(job => job.DueAt <= office.Time.Now() && dice.Next(3) > 0),
        };

        public async Task End()
        {
            await Pass(TimeSpan.FromHours(13));
            await jobs.Run();
            await office.Get<PaymentLookService>().Look(cancellation);
            await jobs.Run();
            foreach (var payment in payments)
            {
                await office.Mark(payment, "refunded");
            }
        }

        public async Task Agrees(string when)
        {
            var found = await office.Get<IReconciliation>().List(new PageRequest(100, null, null), cancellation);
            Assert.True(found.Items.Count == 0, $"Seed {seed}, {when}: {string.Join(", ", found.Items)}");
        }

        private async Task Book(Caller buyer)
        {
            var placed = await office.Book(of, buyer, null, (One(types), 1 + dice.Next(2)));
            if (placed.Problem is null)
            {
                bookings.Add((buyer, placed.Value.Booking.Id));
            }
        }

        private async Task Pay((Caller Buyer, Guid Id) booking)
        {
            var how = new BeginPayment(dice.Next(3) == 0 ? "manual" : "test");
            var begun = await office.Payments.Begin(booking.Buyer, booking.Id, how, cancellation);
            if (begun.Problem is null)
            {
                payments.Add(begun.Value);
            }
        }

        private async Task Cancel((Caller Buyer, Guid Id) booking) =>
            await office.Bookings.Cancel(booking.Buyer, booking.Id, cancellation);

        private async Task CancelTicket((Caller Buyer, Guid Id) booking)
        {
            var tickets = (await office.Bookings.Get(booking.Buyer, booking.Id, cancellation)).Value.Tickets;
            if (tickets.Count > 0)
            {
                await office.Bookings.CancelTicket(booking.Buyer, booking.Id, One(tickets).Id, cancellation);
            }
        }

        private Task Pass(TimeSpan time)
        {
            office.Time.Advance(time);
            return Task.CompletedTask;
        }

        // Out of nowhere: stale, early, or what was said before.
        private async Task CallBack(PaymentView payment)
        {
            var said = office.Get<TestPayments>().Sign(
                $"{payment.Id} {payment.Id}-{dice.Next(4)} {Marks[dice.Next(2)]}");
            await office.Get<PaymentCallbackService>().Receive("test", said, cancellation);
        }

        private T One<T>(IReadOnlyList<T> some) => some[dice.Next(some.Count)];
    }
#pragma warning restore CA5394
}

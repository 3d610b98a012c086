using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class PaymentRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IPaymentRepository
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(2);

    public async Task<BookingMoney> Read(UnitOfWork unit, EventId of, BookingId booking)
    {
        var args = new { eventId = of.Value, bookingId = booking.Value };
        var payments = (await unit.Query<PaymentRow>(Sql.OfBooking, args)).Column(row => row.ToDomain());
        var refunds = payments.Length == 0 ? [] : await unit.Query<RefundRow>(Sql.RefundsOfBooking, args);
        return new BookingMoney(
            payments, refunds.Column(row => row.ToDomain(payments.Single(p => p.Id.Value == row.PaymentId))));
    }

    public Task Insert(UnitOfWork unit, Payment payment) => unit.Execute(Sql.Insert, new
    {
        eventId = payment.Event.Value,
        id = payment.Id.Value,
        bookingId = payment.Booking.Value,
        provider = payment.Provider,
        amount = payment.Amount.Minor,
        currency = payment.Amount.Currency.Code,
        status = payment.Status.ToText(),
        createdAt = payment.CreatedAt,
        expiresAt = payment.ExpiresAt,
        lookAt = payment.CreatedAt + FirstLook,
    });

    public async Task Settle(UnitOfWork unit, Payment payment)
    {
        var settled = await unit.Execute(Sql.Settle, new
        {
            eventId = payment.Event.Value,
            id = payment.Id.Value,
            status = payment.Status.ToText(),
            reference = payment.Reference,
            settledAt = payment.SettledAt,
        });
        Require(settled == 1, $"Payment {payment.Id}");
    }

    public async Task Insert(UnitOfWork unit, IReadOnlyList<Refund> refunds)
    {
        foreach (var refund in refunds)
        {
            await unit.Execute(Sql.InsertRefund, new
            {
                eventId = refund.Event.Value,
                id = refund.Id.Value,
                bookingId = refund.Booking.Value,
                paymentId = refund.Payment.Value,
                amount = refund.Amount.Minor,
                createdAt = refund.CreatedAt,
            });
        }
    }

    public async Task Settle(UnitOfWork unit, Refund refund)
    {
        var settled = await unit.Execute(Sql.SettleRefund, new
        {
            eventId = refund.Event.Value,
            id = refund.Id.Value,
            doneAt = refund.DoneAt,
        });
        Require(settled == 1, $"Refund {refund.Id}");
    }

    public async Task<bool> Keep(
        UnitOfWork unit, string provider, string callback, Payment payment, DateTimeOffset now) =>
        await unit.Execute(Sql.Keep, new
        {
            provider,
            id = callback,
            eventId = payment.Event.Value,
            paymentId = payment.Id.Value,
            now,
        }) == 1;

    public async Task<Payment?> Find(PaymentId id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<PaymentRow>(Sql.Find, new { id = id.Value }))?.ToDomain();
    }

    public async Task<(Refund Refund, Payment Payment)?> FindRefund(
        EventId of, RefundId id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var args = new { eventId = of.Value, id = id.Value };
        if (await session.QueryFirst<RefundRow>(Sql.FindRefund, args) is not { } row)
        {
            return null;
        }

        var payment = await session.QueryFirst<PaymentRow>(Sql.Find, new { id = row.PaymentId })
            ?? throw new InvalidOperationException($"Refund {id} has lost its payment.");
        var refunded = payment.ToDomain();
        return (row.ToDomain(refunded), refunded);
    }

    public async Task<IReadOnlyList<(EventId Of, RefundId Id, string Provider)>> FindDue(
        UnitOfWork unit, DateTimeOffset before, int limit) =>
        (await unit.Query<DueRow>(Sql.FindDue, new { before, limit }))
            .Column(row => (new EventId(row.EventId), new RefundId(row.Id), row.Provider));

    public async Task<IReadOnlyList<Payment>> FindSilent(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.Query<PaymentRow>(Sql.FindSilent, new { now, limit })).Column(row => row.ToDomain());
    }

    public async Task LookAgain(Payment payment, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.LookAgain, new { eventId = payment.Event.Value, id = payment.Id.Value, at });
        await unit.Commit();
    }

    public async Task<long> PruneCallbacks(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var deleted = await unit.Execute(Sql.PruneCallbacks, new { before });
        await unit.Commit();
        return deleted;
    }

    private static void Require(bool isAsDecided, string what)
    {
        if (!isAsDecided)
        {
            throw new InvalidOperationException($"{what} moved under a lock.");
        }
    }

    private sealed class DueRow
    {
        public Guid EventId { get; init; }

        public Guid Id { get; init; }

        public string Provider { get; init; } = "";
    }

    private static class Sql
    {
        private const string Select =
            """
            SELECT event_id, id, booking_id, provider, amount, currency, status, reference, created_at, expires_at,
                settled_at
            FROM payments

            """;

        private const string SelectRefund =
            """
            SELECT event_id, id, booking_id, payment_id, amount, created_at, done_at
            FROM refunds

            """;

        public const string OfBooking = Select +
            """
            WHERE event_id = @eventId AND booking_id = @bookingId
            ORDER BY id
            """;

        public const string RefundsOfBooking = SelectRefund +
            """
            WHERE event_id = @eventId AND booking_id = @bookingId
            ORDER BY id
            """;

        public const string Find = Select +
            """
            WHERE id = @id
            """;

        public const string FindRefund = SelectRefund +
            """
            WHERE event_id = @eventId AND id = @id
            """;

        public const string FindDue =
            """
            SELECT r.event_id, r.id, p.provider
            FROM refunds r
            JOIN payments p ON p.event_id = r.event_id AND p.id = r.payment_id
            WHERE r.done_at IS NULL AND r.created_at <= @before
            ORDER BY r.created_at
            LIMIT @limit
            """;

        public const string FindSilent = Select +
            """
            WHERE status = 'pending' AND look_at <= @now
            ORDER BY look_at
            LIMIT @limit
            """;

        public const string Insert =
            """
            INSERT INTO payments (
                event_id, id, booking_id, provider, amount, currency, status, created_at, expires_at, look_at)
            VALUES (
                @eventId, @id, @bookingId, @provider, @amount, @currency, @status, @createdAt, @expiresAt, @lookAt)
            """;

        public const string Settle =
            """
            UPDATE payments
            SET status = @status, reference = @reference, settled_at = @settledAt
            WHERE event_id = @eventId AND id = @id AND status <> 'succeeded'
            """;

        public const string LookAgain =
            """
            UPDATE payments
            SET look_at = @at
            WHERE event_id = @eventId AND id = @id AND status = 'pending'
            """;

        public const string InsertRefund =
            """
            INSERT INTO refunds (event_id, id, booking_id, payment_id, amount, created_at)
            VALUES (@eventId, @id, @bookingId, @paymentId, @amount, @createdAt)
            """;

        public const string SettleRefund =
            """
            UPDATE refunds
            SET done_at = @doneAt
            WHERE event_id = @eventId AND id = @id AND done_at IS NULL
            """;

        public const string Keep =
            """
            INSERT INTO payment_callbacks (provider, id, event_id, payment_id, received_at)
            VALUES (@provider, @id, @eventId, @paymentId, @now)
            ON CONFLICT (provider, id) DO NOTHING
            """;

        public const string PruneCallbacks =
            """
            DELETE FROM payment_callbacks
            WHERE received_at <= @before
            """;
    }
}

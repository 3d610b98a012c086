using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Writes payments and refunds. The event is locked before.</summary>
internal interface IPaymentRepository
{
    /// <summary>All that was paid for a booking, as it is now.</summary>
    Task<BookingMoney> Read(UnitOfWork unit, EventId of, BookingId booking);

    Task Insert(UnitOfWork unit, Payment payment);

    /// <summary>Writes back what became of it.</summary>
    Task Settle(UnitOfWork unit, Payment payment);

    Task Insert(UnitOfWork unit, IReadOnlyList<Refund> refunds);

    /// <summary>Writes back that the money went.</summary>
    Task Settle(UnitOfWork unit, Refund refund);

    /// <summary>False where the provider has said it before.</summary>
    Task<bool> Keep(UnitOfWork unit, string provider, string callback, Payment payment, DateTimeOffset now);

    /// <summary>A payment by its id alone; null where it is unknown.</summary>
    Task<Payment?> Find(PaymentId id, CancellationToken cancellation);

    /// <summary>A refund with its payment; null where it is unknown.</summary>
    Task<(Refund Refund, Payment Payment)?> FindRefund(EventId of, RefundId id, CancellationToken cancellation);

    /// <summary>Refunds that were due before then and are still, the longest first, with their providers.</summary>
    Task<IReadOnlyList<(EventId Of, RefundId Id, string Provider)>> FindDue(
        UnitOfWork unit, DateTimeOffset before, int limit);

    /// <summary>Pending ones that nobody has heard of for long, the longest first.</summary>
    Task<IReadOnlyList<Payment>> FindSilent(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>When one that is pending still is looked at again.</summary>
    Task LookAgain(Payment payment, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Deletes what was kept of callbacks that came before; answers how many.</summary>
    Task<long> PruneCallbacks(DateTimeOffset before, CancellationToken cancellation);
}

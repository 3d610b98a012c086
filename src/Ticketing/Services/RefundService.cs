using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Makes money follow what a booking is worth: what was paid beyond that is due to go back, from the same transaction
/// on; who took it pays it back in a job, or its organizer does.
/// </summary>
internal sealed class RefundService(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    EventLocks locks,
    IPaymentRepository payments,
    IBookingRepository bookings,
    PaymentProviders providers,
    IAuditLog audit,
    TimeProvider time)
{
    public const string JobKind = "ticketing.refund";
    private const int ResumedMax = 1_000;
    private static readonly TimeSpan ResumedAfter = TimeSpan.FromHours(1);

    /// <summary>Marks what the booking, as it is now, was paid too much for. What is told of it is the caller's to
    /// commit.</summary>
    public async Task<IReadOnlyList<IntegrationEvent>> MarkDue(LockedEvent locked, Booking booking, BookingMoney money)
    {
        var refunds = money.RefundExcess(booking.Worth, locked.Now);
        if (refunds.Count == 0)
        {
            return [];
        }

        await payments.Insert(locked.Unit, refunds);
        var facts = new List<IntegrationEvent>();
        foreach (var refund in refunds)
        {
            var payment = money.Find(refund.Payment)!;
            facts.Add(refund.ToFact(payment, booking, locked.Now));
            await Enqueue(locked.Unit, refund.Event, refund.Id, payment.Provider, locked.Now);
        }

        return facts;
    }

    /// <summary>
    /// Has those tried again that are due for an hour, once a day: their job may have died, or been dropped. Answers
    /// how many.
    /// </summary>
    public async Task<int> Resume(CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        var due = await payments.FindDue(unit, now - ResumedAfter, ResumedMax);
        foreach (var (of, id, provider) in due)
        {
            await Enqueue(unit, of, id, provider, now);
        }

        await unit.Commit();
        return due.Count;
    }

    /// <summary>The same for a booking whose money was not read yet.</summary>
    public async Task<IReadOnlyList<IntegrationEvent>> MarkDue(LockedEvent locked, Booking booking) =>
        booking.Total.IsZero
            ? []
            : await MarkDue(locked, booking, await payments.Read(locked.Unit, booking.Event, booking.Id));

    /// <summary>
    /// Pays back what a job names. The provider is asked before the transaction and knows the refund by its id, so
    /// that a crash between the two asks it again for the same.
    /// </summary>
    public async Task PayBack(JobRun run, CancellationToken cancellation)
    {
        var (of, id) = Parse(run.Payload);
        if (await payments.FindRefund(of, id, cancellation) is not var (refund, payment) || refund.IsDone)
        {
            return;
        }

        await providers.Of(payment.Provider).Refund(refund, payment, run.Attempt, cancellation);
        await using var locked = await locks.Take(of, cancellation)
            ?? throw new InvalidOperationException($"Refund {id} has lost its event.");
        var booking = await bookings.Find(locked.Unit, of, refund.Booking)
            ?? throw new InvalidOperationException($"Refund {id} has lost its booking.");
        var money = await payments.Read(locked.Unit, of, refund.Booking);
        var fact = await Finish(locked, money.Refunds.Single(due => due.Id == id), payment, booking);
        await run.Complete(locked.Unit, result: null);
        await locked.Commit(fact is null ? [] : [fact]);
    }

    /// <summary>Writes that the money went; null where that was written before.</summary>
    public async Task<IntegrationEvent?> Finish(LockedEvent locked, Refund refund, Payment payment, Booking booking)
    {
        if (refund.IsDone)
        {
            return null;
        }

        refund.DoneAt = locked.Now;
        await payments.Settle(locked.Unit, refund);
        audit.Write(locked.Unit, new AuditFact("payment.refunded", $"payment/{payment.Id}")
        {
            After = $$"""{"refund":"{{refund.Id}}","amount":{{refund.Amount.Minor}}}""",
        });
        return refund.ToFact(payment, booking, locked.Now);
    }

    // Where a person pays back there is nothing to do.
    private Task Enqueue(UnitOfWork unit, EventId of, RefundId id, string provider, DateTimeOffset now) =>
        providers.Find(provider) is { Refunds: false }
            ? Task.CompletedTask
            : JobQueue.Enqueue(
                unit, new JobRequest(JobKind, $"{of} {id}") { Key = $"{id}/{now:yyyy-MM-dd}" }, now);

    private static (EventId Of, RefundId Id) Parse(string payload) => payload.Split(' ') is [var of, var id]
        ? (new EventId(Guid.Parse(of)), new RefundId(Guid.Parse(id)))
        : throw new JobFailedException("This is no refund.");
}

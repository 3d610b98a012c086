using System.Runtime.InteropServices;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Cancels the bookings of a cancelled event, a bounded batch a transaction, by their ids. From the moment the event is
/// cancelled none is added, so that one way through them is all.
/// </summary>
internal sealed class EventCancellation(EventLocks locks, IBookingRepository bookings, BookingCancellation cancelling)
{
    public const string JobKind = "ticketing.cancel-event";
    private const int BatchMax = 100;

    /// <summary>In the transaction that cancels the event: if that is durable, so is that this will be done.</summary>
    public static Task Enqueue(UnitOfWork unit, Event of, DateTimeOffset now) => JobQueue.Enqueue(
        unit, new JobRequest(JobKind, of.Id.ToString()) { Key = $"{of.Id}/{of.Version}" }, now);

    /// <summary>Cancels those that come next after an id.</summary>
    public async Task<CancelledBatch> Next(EventId of, BookingId after, CancellationToken cancellation)
    {
        await using var locked = await locks.Take(of, cancellation);
        if (locked is null)
        {
            return new CancelledBatch(0, Next: null);
        }

        var batch = await bookings.FindLive(locked.Unit, of, after, BatchMax);
        var facts = new List<IntegrationEvent>(batch.Count);
        foreach (var booking in batch)
        {
            facts.AddRange(await cancelling.GiveBack(locked, booking, BookingReleasedEvent.EventCancelled));
        }

        if (batch.Count > 0 || locked.Lapsed > 0)
        {
            await locked.Commit(facts);
        }

        return new CancelledBatch(batch.Count, batch.Count == BatchMax ? batch[^1].Id : null);
    }
}

/// <summary>How many were cancelled, and after which to go on; null where none is left.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CancelledBatch(int Count, BookingId? Next);

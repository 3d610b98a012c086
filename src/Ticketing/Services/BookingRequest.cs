using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>One buyer waiting in a lane for an answer.</summary>
internal sealed class BookingRequest(
    EventId of, BookingOrder order, IdempotentRequest? idempotency, CancellationToken cancellation)
{
    // The lane must not run its callers' code.
    private readonly TaskCompletionSource<Result<PlacedBooking>> answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventId Event => of;

    public BookingOrder Order => order;

    public IdempotentRequest? Idempotency => idempotency;

    /// <summary>Nobody waits any more: the client went away or its deadline passed before its turn came.</summary>
    public bool IsAbandoned => cancellation.IsCancellationRequested;

    /// <summary>
    /// Waits for the answer, no longer than the caller does; what was taken from the queue is decided all the same.
    /// </summary>
    public Task<Result<PlacedBooking>> Answer => answer.Task.WaitAsync(cancellation);

    public void Complete(Result<PlacedBooking> result) => answer.TrySetResult(result);

    public void Fail(Exception exception) => answer.TrySetException(exception);
}

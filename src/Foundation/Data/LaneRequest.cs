using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Data;

/// <summary>One caller waiting in a lane.</summary>
public abstract class LaneRequest(IdempotentRequest? idempotency, CancellationToken cancellation)
{
    public IdempotentRequest? Idempotency => idempotency;

    /// <summary>What it adds to a batch, in the unit of <see cref="LaneBounds.WeightMax"/>.</summary>
    public virtual int Weight => 1;

    /// <summary>Nobody waits any more: the client went away or its deadline passed before its turn came.</summary>
    public bool IsAbandoned => cancellation.IsCancellationRequested;

    public abstract void Fail(Exception exception);
}

public abstract class LaneRequest<T>(IdempotentRequest? idempotency, CancellationToken cancellation)
    : LaneRequest(idempotency, cancellation)
{
    // The lane must not run its callers' code.
    private readonly TaskCompletionSource<Result<T>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken cancellation = cancellation;

    /// <summary>
    /// Waits for the answer, no longer than the caller does; what was taken from the queue is decided all the same.
    /// </summary>
    public Task<Result<T>> Answer => answer.Task.WaitAsync(cancellation);

    public void Complete(Result<T> result) => answer.TrySetResult(result);

    public override void Fail(Exception exception) => answer.TrySetException(exception);
}

using System.Runtime.CompilerServices;
using Polly;

namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// Keeps one dependency from taking everything: so many calls at once, so many waiting, and past that a refusal at
/// once.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to let go.
internal sealed class BulkheadStrategy(string dependency, int concurrencyMax, DependencyPolicy policy)
#pragma warning restore CA1001
    : ResilienceStrategy
{
    private readonly SemaphoreSlim places = new(concurrencyMax, concurrencyMax);
    private int waiting;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context,
        TState state)
    {
        if (!places.Wait(0, CancellationToken.None) && !await Wait(context.CancellationToken))
        {
            return Outcome.FromException<TResult>(new DependencyBusyException(dependency));
        }

        try
        {
            return await callback(context, state);
        }
        finally
        {
            places.Release();
        }
    }

    private async ValueTask<bool> Wait(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref waiting) > policy.QueueMax)
        {
            Interlocked.Decrement(ref waiting);
            return false;
        }

        try
        {
            return await places.WaitAsync(policy.AttemptTimeout, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }
}

using System.Runtime.CompilerServices;
using Polly;
using Polly.Timeout;

namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// The breaker as a step of a Polly pipeline. Polly's own counts a share of failures in a window; ours counts failures
/// in a row (docs/decisions/0008).
/// </summary>
internal sealed class BreakerStrategy(string dependency, Breaker breaker, DependencyPolicy policy) : ResilienceStrategy
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context,
        TState state)
    {
        if (!breaker.TryEnter(out var pass))
        {
            return Outcome.FromException<TResult>(breaker.Refusal(dependency));
        }

        var outcome = await callback(context, state);
        if (outcome.Exception is not { } exception)
        {
            breaker.Succeeded(pass);
            return outcome;
        }

        if ((exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested) ||
            policy.SaysNothing(exception))
        {
            breaker.Abandoned(pass);
            return outcome;
        }

        if (exception is TimeoutRejectedException late)
        {
            exception = new DependencyTimeoutException(dependency, late.Timeout, late);
            outcome = Outcome.FromException<TResult>(exception);
        }

        if (policy.IsFailure(exception))
        {
            breaker.Failed(pass);
        }
        else
        {
            // It answered, if only with a refusal.
            breaker.Succeeded(pass);
        }

        return outcome;
    }
}

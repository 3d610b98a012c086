using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// Something outside that may fail. A call goes through its bulkhead, and each attempt of it through its breaker and
/// under its timeout. Safe for any number of callers.
/// </summary>
public sealed partial class Dependency
{
    private readonly DependencyPolicy policy;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Breaker breaker;
    private readonly RetryBudget budget;
    private readonly DependencyMetrics metrics;
    private readonly ResiliencePipeline pipeline;
    private long used;
    private int inFlight;

    // That it is open: some probe many times a second, and nobody wants to read of each.
    private bool told;
    private volatile string? lastFailure;

    internal Dependency(
        string name, DependencyPolicy policy, ResilienceOptions options, TimeProvider time, ILogger log)
    {
        Name = name;
        this.policy = policy;
        this.time = time;
        this.log = log;
        breaker = new Breaker(
            policy.FailuresToOpen ?? options.FailuresToOpen,
            policy.OpenFor ?? TimeSpan.FromSeconds(options.OpenSeconds),
            time,
            Changed);
        budget = new RetryBudget(options.RetryPercent);
        metrics = new DependencyMetrics(policy.IsOneOfMany ? Kind : name);
        pipeline = Build();
        Touch();
    }

    public string Name { get; }

    /// <summary>What stands before the first colon: <c>webhook</c> of <c>webhook:example.org:443</c>.</summary>
    public string Kind => Name.Split(':', 2)[0];

    /// <summary>A call would be refused now, but for the one that probes.</summary>
    public bool IsOpen => breaker.Phase != BreakerPhase.Closed;

    /// <summary>When the next probe may go; null when it is not open, or is forced open.</summary>
    public DateTimeOffset? OpenUntil => breaker.OpenUntil;

    public DependencyState State => new(
        Name, breaker.Phase, breaker.Force, breaker.Failures, OpenUntil, Volatile.Read(ref inFlight), lastFailure);

    internal bool IsOneOfMany => policy.IsOneOfMany;

    internal bool IsIdle => Volatile.Read(ref inFlight) == 0 && breaker.Force == BreakerForce.None;

    internal TimeSpan Unused => time.GetElapsedTime(Volatile.Read(ref used));

    /// <summary>
    /// Does the work, perhaps more than once where the policy allows. Throws what the work throws, or a
    /// <see cref="DependencyException"/> where it was refused or cut short.
    /// </summary>
    public ValueTask<T> Run<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellation) =>
        Run(static (work, token) => work(token), work, cancellation);

    /// <summary>The same without a closure.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> Run<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> work, TState state, CancellationToken cancellation)
    {
        Touch();
        budget.Earn();
        Interlocked.Increment(ref inFlight);
        try
        {
            var answer = await pipeline.ExecuteAsync(work, state, cancellation);
            metrics.Count(CallOutcome.Ok);
            return answer;
        }
        catch (Exception exception)
        {
            Failed(exception, cancellation);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    /// <summary>
    /// For work that is more than one call, such as a session: opens it, perhaps after some attempts, and leaves it to
    /// the work to say through the pass whether the other side answers.
    /// </summary>
    internal async ValueTask<(T Opened, DependencyPass Pass)> Open<T>(
        Func<CancellationToken, ValueTask<T>> open, CancellationToken cancellation)
    {
        Touch();
        budget.Earn();
        for (var attempt = 0; ; attempt++)
        {
            if (!breaker.TryEnter(out var entered))
            {
                metrics.Count(CallOutcome.Open);
                throw breaker.Refusal(Name);
            }

            var pass = new DependencyPass(this, entered);
            try
            {
                return (await open(cancellation), pass);
            }
            catch (Exception exception)
            {
                pass.Failed(exception, cancellation);
                if (attempt >= policy.AttemptsMax - 1 || cancellation.IsCancellationRequested || !MayRepeat(exception))
                {
                    throw;
                }
            }

            await Task.Delay(Jitter(attempt), time, cancellation);
        }
    }

    /// <summary>
    /// For calls that cost next to nothing and bring their own bounds: leave for one of them, to be reported; or none,
    /// at once.
    /// </summary>
    internal bool TryEnter(out DependencyPass pass)
    {
        Touch();
        if (breaker.TryEnter(out var entered))
        {
            pass = new DependencyPass(this, entered);
            return true;
        }

        metrics.Count(CallOutcome.Open);
        pass = default;
        return false;
    }

    internal void Leave(BreakerPass pass, Exception? exception, CancellationToken cancellation)
    {
        if (exception is null)
        {
            metrics.Count(CallOutcome.Ok);
            breaker.Succeeded(pass);
        }
        else if ((exception is OperationCanceledException && cancellation.IsCancellationRequested) ||
            policy.SaysNothing(exception))
        {
            metrics.Count(CallOutcome.Cancelled);
            breaker.Abandoned(pass);
        }
        else if (policy.IsFailure(exception))
        {
            Failed(exception, cancellation);
            breaker.Failed(pass);
        }
        else
        {
            metrics.Count(CallOutcome.Failed);
            breaker.Succeeded(pass);
        }
    }

    internal void Abandon(BreakerPass pass) => breaker.Abandoned(pass);

    /// <summary>Holds the breaker open or closed until told otherwise; this process only.</summary>
    public void Force(BreakerForce force)
    {
        breaker.Force = force;
        LogForced(Name, force);
    }

    private ResiliencePipeline Build()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (policy.ConcurrencyMax is { } most)
        {
            builder.AddStrategy(_ => new BulkheadStrategy(Name, most, policy), StepOptions.Instance);
        }

        if (policy.AttemptsMax > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = policy.AttemptsMax - 1,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.AttemptNumber < policy.AttemptsMax - 1 &&
                    arguments.Outcome.Exception is { } exception && MayRepeat(exception)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Jitter(arguments.AttemptNumber)),
            });
        }

        return builder
            .AddStrategy(_ => new BreakerStrategy(Name, breaker, policy), StepOptions.Instance)
            .AddTimeout(policy.AttemptTimeout)
            .Build();
    }

    private bool MayRepeat(Exception exception)
    {
        if (exception is DependencyOpenException or DependencyBusyException ||
            !policy.CanPass(exception) || !(policy.IsRepeatable || policy.NothingWasDone(exception)) ||
            !budget.TrySpend())
        {
            return false;
        }

        metrics.CountRetry();
        return true;
    }

    // Full jitter (Brooker, "Exponential Backoff And Jitter", 2015): who failed together does not return together.
    private TimeSpan Jitter(int attempt) =>
        policy.RetryDelay * (1 << Math.Min(attempt, 10)) * Random.Shared.NextDouble();

    private void Touch() => Volatile.Write(ref used, time.GetTimestamp());

    private void Failed(Exception exception, CancellationToken cancellation)
    {
        var outcome = exception switch
        {
            DependencyOpenException => CallOutcome.Open,
            DependencyBusyException => CallOutcome.Busy,
            DependencyTimeoutException => CallOutcome.Timeout,
            OperationCanceledException when cancellation.IsCancellationRequested => CallOutcome.Cancelled,
            _ => CallOutcome.Failed,
        };
        metrics.Count(outcome);
        if (outcome is CallOutcome.Failed or CallOutcome.Timeout)
        {
            lastFailure = exception.GetType().Name;
        }
    }

    private void Changed(BreakerPhase phase)
    {
        switch (phase)
        {
            case BreakerPhase.Open when Interlocked.Exchange(ref told, true):
                LogStillOpen(Name);
                break;
            case BreakerPhase.Open:
                LogOpened(Name, breaker.Failures);
                break;
            case BreakerPhase.HalfOpen:
                LogProbing(Name);
                break;
            default:
                Volatile.Write(ref told, false);
                LogClosed(Name);
                break;
        }
    }

    [LoggerMessage(9001, LogLevel.Warning, "Breaker of {Dependency} opened after {Failures} failures in a row")]
    private partial void LogOpened(string dependency, int failures);

    [LoggerMessage(9002, LogLevel.Debug, "Breaker of {Dependency} lets a probe through")]
    private partial void LogProbing(string dependency);

    [LoggerMessage(9006, LogLevel.Debug, "Breaker of {Dependency} stays open")]
    private partial void LogStillOpen(string dependency);

    [LoggerMessage(9003, LogLevel.Information, "Breaker of {Dependency} closed")]
    private partial void LogClosed(string dependency);

    [LoggerMessage(9004, LogLevel.Warning, "Breaker of {Dependency} forced by an administrator: {Force}")]
    private partial void LogForced(string dependency, BreakerForce force);

    private sealed class StepOptions : ResilienceStrategyOptions
    {
        public static readonly StepOptions Instance = new();
    }
}

/// <summary>How a dependency is doing, at the moment it was asked.</summary>
/// <param name="Name">Of the dependency.</param>
/// <param name="Phase">Of its breaker, force included.</param>
/// <param name="Force">What an administrator said.</param>
/// <param name="Failures">In a row.</param>
/// <param name="OpenUntil">When a probe may go.</param>
/// <param name="InFlight">Calls under way.</param>
/// <param name="LastFailure">The kind of the last failure; null when there was none.</param>
public sealed record DependencyState(
    string Name,
    BreakerPhase Phase,
    BreakerForce Force,
    int Failures,
    DateTimeOffset? OpenUntil,
    int InFlight,
    string? LastFailure);

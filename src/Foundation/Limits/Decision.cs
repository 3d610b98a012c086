using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Limits;

/// <summary>Whether it may be done, and what is left.</summary>
/// <param name="Policy">Whose decision it is.</param>
/// <param name="Allowed">A permit was spent. A refusal spends none.</param>
/// <param name="Left">Permits that could be spent now.</param>
/// <param name="Reset">Until the window ends, or the bucket is full.</param>
/// <param name="RetryAfter">Until there is a permit; zero when it was allowed.</param>
public readonly record struct Decision(
    LimitPolicy Policy, bool Allowed, long Left, TimeSpan Reset, TimeSpan RetryAfter)
{
    /// <summary>When its window ends, by the clock of who counted; zero where nothing can be given back.</summary>
    internal long Mark { get; init; }

    /// <summary>Counted in Redis, for all instances.</summary>
    internal bool Shared { get; init; }

    internal static Decision Unlimited(LimitPolicy policy) =>
        new(policy, Allowed: true, policy.Permits, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>From microseconds.</summary>
    internal static Decision Of(LimitPolicy policy, bool allowed, long left, long reset, long retryAfter) =>
        new(policy, allowed, left, TimeSpan.FromMicroseconds(reset), TimeSpan.FromMicroseconds(retryAfter));

    public Problem ToProblem() => new(
        ProblemCodes.RateLimited,
        $"At most {Policy.Permits} in {Math.Ceiling(Policy.Window.TotalSeconds):0} seconds (limit '{Policy.Name}').")
    {
        RetryAfter = RetryAfter,
    };
}

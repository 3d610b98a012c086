namespace Gatehouse.Foundation.Resilience;

/// <summary>A call to a dependency that was refused or cut short on this side.</summary>
public abstract class DependencyException(string dependency, string message, TimeSpan retryAfter, Exception? inner)
    : Exception(message, inner)
{
    public string Dependency { get; } = dependency;

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>It failed so often in a row that nothing is sent to it at the moment. Nothing was done.</summary>
/// <param name="dependency">Its name.</param>
/// <param name="until">When a probe may go through; null while it is forced open or a probe is on its way.</param>
public sealed class DependencyOpenException(string dependency, DateTimeOffset? until, TimeSpan retryAfter)
    : DependencyException(dependency, $"{dependency} is not called: its breaker is open.", retryAfter, inner: null)
{
    public DateTimeOffset? Until { get; } = until;
}

/// <summary>As many calls as it may have are under way, and the queue is full. Nothing was done.</summary>
public sealed class DependencyBusyException(string dependency) : DependencyException(
    dependency, $"{dependency} has as many calls as it may have.", TimeSpan.FromSeconds(1), inner: null);

/// <summary>An attempt took too long. What was asked may have been done.</summary>
public sealed class DependencyTimeoutException(string dependency, TimeSpan timeout, Exception inner)
    : DependencyException(
        dependency,
        $"{dependency} did not answer within {timeout.TotalSeconds:0.###} s.",
        TimeSpan.FromSeconds(1),
        inner);

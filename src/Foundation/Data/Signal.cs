namespace Gatehouse.Foundation.Data;

/// <summary>
/// Wakes whoever waits for work of one kind, soon after a commit brought some. It carries nothing and may be missed:
/// the waiter looks at the table, and looks again after a while in any case.
/// </summary>
public sealed class Signal
{
    private volatile TaskCompletionSource waiting = New();

    /// <summary>Somebody in this process waits for it, so that no other process need be told.</summary>
    internal bool IsHeard { get; private set; }

    /// <summary>Says that this process looks after the work, before it looks at the table for the first time.</summary>
    public void Hear() => IsHeard = true;

    public void Set() => Interlocked.Exchange(ref waiting, New()).TrySetResult();

    /// <summary>
    /// What completes at the next <see cref="Set"/>. Take it before looking at the table, so that what is committed
    /// while one looks is not missed.
    /// </summary>
    public Task Next => waiting.Task;

    /// <summary>Waits for <paramref name="next"/>, and no longer than <paramref name="longest"/>.</summary>
    public static async Task Wait(Task next, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(longest, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Time to look whether anything was missed.
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

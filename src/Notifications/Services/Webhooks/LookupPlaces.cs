using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// So many names are looked up at once, so many of them for one user: whoever owns a name decides how long looking it
/// up takes, and is not to take every place there is.
/// </summary>
internal sealed class LookupPlaces(int max, int ofOneMax, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<UserId, int> taken = [];
    private int all;
    private TaskCompletionSource freed = New();

    /// <summary>False where no place was free within <paramref name="patience"/>.</summary>
    public async Task<bool> Take(UserId owner, TimeSpan patience, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (!TryTake(owner, out var next))
        {
            var left = patience - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await next.WaitAsync(left, time, cancellation);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return true;
    }

    public void Return(UserId owner)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            all--;
            if (--taken[owner] == 0)
            {
                taken.Remove(owner);
            }

            (before, freed) = (freed, New());
        }

        before.SetResult();
    }

    private bool TryTake(UserId owner, out Task next)
    {
        lock (gate)
        {
            next = freed.Task;
            var already = taken.GetValueOrDefault(owner);
            if (all >= max || already >= ofOneMax)
            {
                return false;
            }

            all++;
            taken[owner] = already + 1;
            return true;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>As many names are being looked up as may be: nothing was sent, and trying soon makes sense.</summary>
internal sealed class LookupBusyException() : Exception("As many names are looked up as may be at once.");

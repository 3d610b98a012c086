using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

/// <summary>
/// Keeps one destination from being given more than it takes: so many tries at once, so many waiting in the order in
/// which they came. A place that becomes free is handed to the first who waits; nobody overtakes.
/// </summary>
internal sealed class Permits
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> waiting = new();
    private int most = int.MaxValue;
    private int waitingMost;
    private int inUse;

    public int InUse => Volatile.Read(ref inUse);

    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>From now on; null: without limit.</summary>
    public void Limit(Bulkhead? rule)
    {
        lock (gate)
        {
            (most, waitingMost) = (rule?.Requests ?? int.MaxValue, rule?.Queue ?? 0);
            HandOver();
        }
    }

    public bool TryEnter()
    {
        lock (gate)
        {
            if (waiting.Count > 0 || inUse >= most)
            {
                return false;
            }

            inUse++;
            return true;
        }
    }

    /// <summary>False at once where as many wait as may.</summary>
    /// <exception cref="OperationCanceledException">It took too long: nothing is held.</exception>
    public async ValueTask<bool> Wait(CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (gate)
        {
            if (waiting.Count == 0 && inUse < most)
            {
                inUse++;
                return true;
            }

            if (waiting.Count >= waitingMost)
            {
                return false;
            }

            place = waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            GiveUp(place);
            throw;
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            inUse--;
            HandOver();
        }
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place)
    {
        lock (gate)
        {
            if (place.List is null)
            {
                // It was handed one at the same moment.
                inUse--;
                HandOver();
            }
            else
            {
                waiting.Remove(place);
            }
        }
    }

    // Under the gate.
    private void HandOver()
    {
        while (inUse < most && waiting.First is { } first)
        {
            waiting.RemoveFirst();
            inUse++;
            first.Value.SetResult();
        }
    }
}

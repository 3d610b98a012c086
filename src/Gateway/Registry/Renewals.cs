namespace Gatehouse.Gateway.Registry;

/// <summary>
/// Renews leases: whoever asks while one statement runs goes along with the next one, so that a store that is slow gets
/// larger batches and not more of them.
/// </summary>
internal sealed class Renewals(IMemberStore store, MemberSet members)
{
    private const int BatchMax = 1_000;
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);

    // Less than the shortest lease has left when it is renewed: a row that is locked must not cost it.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Queue<Waiter> waiting = new();
    private bool isRunning;

    public Task<RenewedLease?> Renew(MemberKey key, CancellationToken cancellation)
    {
        var waiter = new Waiter(key);
        bool begins;
        lock (gate)
        {
            waiting.Enqueue(waiter);
            begins = !isRunning;
            isRunning = true;
        }

        if (begins)
        {
            // Of no request: whoever came first may hang up while others wait.
            _ = Task.Run(Run, CancellationToken.None);
        }

        return waiter.Answer.Task.WaitAsync(CallMax, cancellation);
    }

    private async Task Run()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                var renewed = await Renewed([.. batch.Select(waiter => waiter.Key).Distinct()]);
                members.Wrote();
                batch.ForEach(waiter => waiter.Answer.TrySetResult(renewed.GetValueOrDefault(waiter.Key)));
            }
            catch (Exception exception)
            {
                members.LoseWrites();
                batch.ForEach(waiter => waiter.Answer.TrySetException(exception));
            }
        }
    }

    private async Task<IReadOnlyDictionary<MemberKey, RenewedLease>> Renewed(IReadOnlyCollection<MemberKey> keys)
    {
        var renewing = store.Renew(keys, CancellationToken.None);
        try
        {
            return await renewing.WaitAsync(Slow);
        }
        catch (TimeoutException) when (!renewing.IsCompleted)
        {
            members.LoseWrites();
            return await renewing;
        }
    }

    private List<Waiter> Next()
    {
        lock (gate)
        {
            var batch = new List<Waiter>();
            while (batch.Count < BatchMax && waiting.TryDequeue(out var waiter))
            {
                batch.Add(waiter);
            }

            isRunning = batch.Count > 0;
            return batch;
        }
    }

    private sealed record Waiter(MemberKey Key)
    {
        public TaskCompletionSource<RenewedLease?> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

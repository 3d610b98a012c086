namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// Keeps retries from becoming the outage: each call earns a part of a retry, each retry spends a whole one, and a
/// small reserve is there from the start (the idea of Finagle's RetryBudget).
/// </summary>
/// <param name="percent">Of the calls, how many may be retries; 0: none.</param>
/// <param name="reserve">Retries that are there from the start, and as many as can be saved.</param>
public sealed class RetryBudget(int percent, int reserve = RetryBudget.Reserve)
{
    public const int Reserve = 10;
    private const int Whole = 100;
    private readonly int most = reserve * Whole;
    private int left = percent == 0 ? 0 : reserve * Whole;

    public void Earn()
    {
        // Full, as it is while all is well: one read. Callers at once may lose a part, which only errs to fewer.
        var seen = Volatile.Read(ref left);
        if (seen < most)
        {
            Interlocked.CompareExchange(ref left, Math.Min(seen + percent, most), seen);
        }
    }

    public bool TrySpend()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref left);
            if (seen < Whole)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref left, seen - Whole, seen) != seen);

        return true;
    }
}

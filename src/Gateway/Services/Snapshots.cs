using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// What is in force: one reference, swapped whole. A request reads it once, at its beginning, and keeps what it got.
/// </summary>
internal sealed class Snapshots
{
    private volatile Snapshot current = Snapshot.Empty;
    private Action<Snapshot>? beforeSwap;

    public Snapshot Current => current;

    /// <summary>Set when another came into force.</summary>
    public Signal Changed { get; } = new();

    /// <summary>Told of each, right after the swap; there is one who wants to know so soon.</summary>
    public Action<Snapshot>? Swapped { get; set; }

    /// <summary>For what has to be ready before the first request under a snapshot.</summary>
    public void BeforeSwap(Action<Snapshot> prepare) => beforeSwap += prepare;

    /// <summary>From the next request on.</summary>
    public void Swap(Snapshot next)
    {
        beforeSwap?.Invoke(next);
        current = next;
        Swapped?.Invoke(next);
        Changed.Set();
    }
}

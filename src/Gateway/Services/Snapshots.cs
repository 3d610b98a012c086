using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Services;

/// <summary>
/// What is in force: one reference, swapped whole. A request reads it once, at its beginning, and keeps what it got.
/// </summary>
internal sealed class Snapshots
{
    private volatile Snapshot current = Snapshot.Empty;

    public Snapshot Current => current;

    /// <summary>Set when another came into force.</summary>
    public Signal Changed { get; } = new();

    /// <summary>From the next request on.</summary>
    public void Swap(Snapshot next)
    {
        current = next;
        Changed.Set();
    }
}

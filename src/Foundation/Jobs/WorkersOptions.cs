using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Jobs;

/// <summary>The pool for work in memory, which a crash may lose.</summary>
[Section("Workers")]
public sealed class WorkersOptions
{
    [Setting("Pieces of work that run at once.", Min = 1, Max = 1_000)]
    public int Count { get; set; } = 3;

    [Setting("Pieces of work that may wait; past it more is refused.", Min = 1, Max = 1_000_000)]
    public int QueueMax { get; set; } = 100;
}

using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Journal;

/// <summary>A person's own entries, however many, to take away.</summary>
public interface IEntryExport
{
    /// <summary>
    /// Those that pass the filter, in the order they were written, as they are when their part is read: an entry that
    /// is there from the first to the last is in it exactly once, whatever becomes of it meanwhile. Nothing is held
    /// open between two parts.
    /// </summary>
    IAsyncEnumerable<EntryView> All(Caller caller, EntryFilter filter, CancellationToken cancellation);
}

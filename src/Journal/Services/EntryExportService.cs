using System.Runtime.CompilerServices;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Search;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

internal sealed class EntryExportService(IEntryExportRepository entries) : IEntryExport
{
    private const int Batch = 500;

    // Each look for words reads all that have them: few looks, of ids alone.
    private const int FoundBatch = 100_000;

    public IAsyncEnumerable<EntryView> All(Caller caller, EntryFilter filter, CancellationToken cancellation) =>
        SearchText.WordsOf(filter.Search).Count > 0
            ? ReadFound(caller.User, filter, cancellation)
            : ReadAll(caller.User, filter, cancellation);

    // A connection a batch: however slowly the reader takes it, nothing in the database waits.
    private async IAsyncEnumerable<EntryView> ReadAll(
        UserId owner, EntryFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (EntryId? after = new EntryId(Guid.Empty); after is not null;)
        {
            var (batch, last) = await entries.After(owner, filter, after.Value, Batch, cancellation);
            foreach (var entry in batch)
            {
                yield return entry;
            }

            after = last;
        }
    }

    private async IAsyncEnumerable<EntryView> ReadFound(
        UserId owner, EntryFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var after = new EntryId(Guid.Empty);
        IReadOnlyList<EntryId> found;
        do
        {
            found = await entries.Find(owner, filter, after, FoundBatch, cancellation);
            foreach (var ids in found.Chunk(Batch))
            {
                foreach (var entry in await entries.Read(owner, ids, cancellation))
                {
                    yield return entry;
                }

                after = ids[^1];
            }
        }
        while (found.Count == FoundBatch);
    }
}

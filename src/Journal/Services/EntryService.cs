using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Services;

internal sealed class EntryService(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database,
    IEntryRepository entries,
    IEntryViewRepository views,
    EntryWriting writing,
    IDayCounts counts,
    TimeProvider time) : IEntries
{
    public Task<Result<CreatedEntry>> Create(
        Caller caller, CreateEntry request, string? idempotencyKey, CancellationToken cancellation) =>
        writing.Create(caller.User, request, idempotencyKey, cancellation);

    public Task<Result<CreatedEntries>> CreateMany(
        Caller caller, CreateEntries request, string? idempotencyKey, CancellationToken cancellation) =>
        writing.CreateMany(caller.User, request, idempotencyKey, cancellation);

    public Task<Page<EntryView>> List(
        Caller caller, EntryFilter filter, PageRequest page, CancellationToken cancellation) =>
        views.List(caller.User, filter, page, cancellation);

    public async Task<Result<EntryView>> Get(Caller caller, Guid id, CancellationToken cancellation) =>
        await views.Find(caller.User, new EntryId(id), cancellation) is { } view ? view : Problem.NotFound("entry");

    public async Task<Result<EntryView>> Update(
        Caller caller, Guid id, UpdateEntry request, int? version, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var found = await Find(unit, caller, id, version);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var (entry, now, faults) = (found.Value, time.Now(), new Faults());
        var before = entry.Details;
        var details = request.ToDetails(before).Check(now, faults, before.At);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        entry.Change(details, now);
        await Settle(unit, entry, before, "updated", now);
        return entry.ToContract();
    }

    public async Task<Result<Done>> Delete(Caller caller, Guid id, int? version, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var found = await Find(unit, caller, id, version);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var (entry, now) = (found.Value, time.Now());
        entry.Delete(now);
        await Settle(unit, entry, entry.Details, "deleted", now);
        return new Done();
    }

    public async Task<Result<EntryView>> Restore(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        if (await entries.Lock(unit, caller.User, new EntryId(id)) is not { } entry ||
            !(entry.IsLive || entry.IsRestorable(now)))
        {
            return Problem.NotFound("entry");
        }

        if (!entry.IsLive)
        {
            entry.Restore(now);
            await Settle(unit, entry, before: null, "created", now);
        }

        return entry.ToContract();
    }

    private async Task<Result<Entry>> Find(UnitOfWork unit, Caller caller, Guid id, int? version)
    {
        if (await entries.Lock(unit, caller.User, new EntryId(id)) is not { IsLive: true } entry)
        {
            return Problem.NotFound("entry");
        }

        return version is not null && version != entry.Version
            ? new Problem(ProblemCodes.PreconditionFailed, $"It is at version {entry.Version} now; read it again.")
            : entry;
    }

    private async Task Settle(
        UnitOfWork unit, Entry entry, CheckedEntry? before, string change, DateTimeOffset now)
    {
        await entries.Update(unit, entry, before);
        await counts.Apply(
            unit, entry.Owner, [new EntryChange(entry.Id, before, entry.IsLive ? entry.Details : null)]);
        await Outbox.Add(unit, entry.ToFact(change, now));
        await unit.Commit();
    }
}

using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Counts a journal anew beside what is read: for another time zone, for the first time, or to mend it. It goes in
/// short steps, each durable and exact: who writes meanwhile counts in both generations what the build has passed, so
/// that any number of builders, or one that died at any line, come to the same end.
/// </summary>
internal sealed partial class CountsBuilding(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database,
    ICountsStateRepository states,
    IDayCounts counts,
    TimeProvider time,
    ILogger<CountsBuilding> log)
{
    public const string JobKind = "journal.build-counts";
    private const int EntriesAStep = 1_000;
    private const int RowsAStep = 5_000;
    private const int JournalsAtOnce = 100;

    /// <summary>The person said so at that time; what was said before what is known already is too late.</summary>
    public async Task MoveTo(UnitOfWork unit, UserId owner, string zone, DateTimeOffset at)
    {
        var state = await states.LockOrMake(unit, owner);
        if (at < state.ZoneKnownAt)
        {
            return;
        }

        var next = state.MoveTo(zone, at);
        await states.Save(unit, owner, next);
        if (next.IsBuilding || state.IsBuilding)
        {
            await JobQueue.Enqueue(unit, new JobRequest(JobKind, owner.ToString()), time.Now());
        }
    }

    /// <summary>Has it built again in the zone it is in, or is moving to.</summary>
    public async Task Restart(UserId owner, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await states.Lock(unit, owner) is { } state)
        {
            await states.Save(unit, owner, state.Build(state.BuildingZone ?? state.TimeZone));
            await unit.Commit();
        }
    }

    /// <summary>To the end of what is to be built, and of what is left of generations before.</summary>
    public async Task Finish(UserId owner, Func<int, Task> report, CancellationToken cancellation)
    {
        for (var steps = 1; await Step(owner, EntriesAStep, cancellation); steps++)
        {
            await report(steps * EntriesAStep);
        }

        while (await counts.DeleteStale(owner, RowsAStep, cancellation) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Finishes every build that was begun or is wanted; answers how many. One that cannot be built stops no other, and
    /// is told at the end.
    /// </summary>
    /// <exception cref="AggregateException">Some could not be built: why the first of them could not.</exception>
    public async Task<int> FinishAll(CancellationToken cancellation)
    {
        var (built, failed, after) = (0, 0, new UserId(Guid.Empty));
        Exception? first = null;
        while (await states.Unbuilt(after, JournalsAtOnce, cancellation) is { Count: > 0 } some)
        {
            foreach (var owner in some)
            {
                try
                {
                    await Finish(owner, _ => Task.CompletedTask, cancellation);
                    built++;
                }
                catch (Exception failure) when (!cancellation.IsCancellationRequested)
                {
                    LogNotBuilt(failure, owner);
                    first ??= failure;
                    failed++;
                }
            }

            after = some[^1];
        }

        return first is null
            ? built
            : throw new AggregateException(string.Create(
                CultureInfo.InvariantCulture, $"{built} journals counted, {failed} could not be"), first);
    }

    /// <summary>Some more entries; false when there is nothing to build any more.</summary>
    internal async Task<bool> Step(UserId owner, int entriesMax, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var state = await states.Lock(unit, owner);
        if (state is { IsBuilding: false, Generation: 0 })
        {
            state = state.Build(state.TimeZone);
        }

        if (state?.BuildingGeneration is not { } generation)
        {
            return false;
        }

        var entries = await counts.Next(unit, owner, state.BuiltUntil!.Value, entriesMax);
        var deltas = new MoodDeltas(CountsState.ZoneOf(state.BuildingZone!));
        foreach (var entry in entries)
        {
            deltas.Add(entry.Mood, entry.Category, entry.Tags, entry.At);
        }

        await counts.Add(unit, owner, generation, deltas);
        if (entries.Count == entriesMax)
        {
            state = state with { BuiltUntil = entries[^1].Id };
            await states.Save(unit, owner, state);
        }
        else
        {
            state = state.Finish();
            await states.Save(unit, owner, state);
            await states.Recount(unit, owner);
        }

        await unit.Commit();
        return state.IsBuilding;
    }

    [LoggerMessage(5400, LogLevel.Error, "The journal of {Owner} could not be counted; it is tried again")]
    private partial void LogNotBuilt(Exception failure, UserId owner);
}

using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Services;

/// <summary>Writes a batch of requests, of one person or of many, in one transaction; each key once.</summary>
internal sealed class EntryBatch(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database,
    ICountsStateRepository journals,
    IEntryRepository entries,
    IDayCounts counts,
    TimeProvider time)
{
    /// <summary>
    /// For requests of many: waits for nobody's journal. Answers after COMMIT those whose journal is free, and gives
    /// back the others, of whom nothing was tried; throws, with none answered, when nothing could be made durable.
    /// </summary>
    public async Task<IReadOnlyList<EntryRequest>> WriteFree(IReadOnlyList<EntryRequest> requests)
    {
        // The batch belongs to many callers: no one's cancellation may undo the others'. Statement timeouts bound it.
        await using var unit = await database.Begin(CancellationToken.None);
        var free = await journals.LockFree(unit, [.. requests.Select(request => request.Owner).Distinct()]);
        var others = requests.Where(request => !free.ContainsKey(request.Owner)).ToList();
        await Write(
            unit, others.Count == 0 ? requests : [.. requests.Where(request => free.ContainsKey(request.Owner))], free);
        return others;
    }

    /// <summary>For requests of one person, whose journal it waits for.</summary>
    public async Task Write(UserId owner, IReadOnlyList<EntryRequest> requests)
    {
        await using var unit = await database.Begin(CancellationToken.None);
        // Before the keys, as whoever writes for many does: one order, no deadlock.
        var locked = await journals.Lock(unit, owner);
        await Write(unit, requests, new Dictionary<UserId, CountsState?> { [owner] = locked });
    }

    private async Task Write(
        UnitOfWork unit, IReadOnlyList<EntryRequest> requests, IReadOnlyDictionary<UserId, CountsState?> locked)
    {
        var now = time.Now();
        var kept = await Recall(unit, requests, now);
        var (answers, sound, keep) = (
            new List<Result<Written>>(requests.Count),
            new List<Entry>(requests.Count),
            new List<(IdempotentRequest Request, string Answer)>());
        foreach (var request in requests)
        {
            if (request.Idempotency is { } key)
            {
                if (kept.TryGetValue((key.User, key.Key), out var earlier))
                {
                    answers.Add(Replay(key, earlier));
                    continue;
                }

                // The same key twice in one batch: the second is a replay of the first.
                kept[(key.User, key.Key)] = (key.RequestHash, request.ToKeep!);
                keep.Add((key, request.ToKeep!));
            }

            sound.AddRange(request.Entries);
            answers.Add(new Written(Earlier: null));
        }

        if (sound.Count + keep.Count > 0)
        {
            await IdempotencyKeys.Keep(unit, keep, now);
            if (sound.Count > 0)
            {
                await entries.Insert(unit, sound);
                await counts.ApplyNew(unit, sound, locked);
            }

            await Outbox.Add(unit, [.. sound.Select(entry => entry.ToFact("created", now))]);
            await unit.Commit();
        }

        for (var i = 0; i < answers.Count; i++)
        {
            requests[i].Complete(answers[i]);
        }
    }

    private static async Task<Dictionary<(UserId User, string Key), (string RequestHash, string Answer)>> Recall(
        UnitOfWork unit, IReadOnlyList<EntryRequest> requests, DateTimeOffset now)
    {
        var keyed = requests.Where(r => r.Idempotency is not null).Select(r => r.Idempotency!).ToList();
        var answers = keyed.Count == 0 ? [] : await IdempotencyKeys.Find(unit, keyed, now);
        return answers.ToDictionary(
            answer => (new UserId(answer.UserId), answer.Key), answer => (answer.RequestHash, answer.Answer));
    }

    private static Result<Written> Replay(IdempotentRequest asked, (string RequestHash, string Answer) earlier) =>
        earlier.RequestHash == asked.RequestHash
            ? new Written(earlier.Answer)
            : new Problem(
                ProblemCodes.IdempotencyMismatch,
                "The key was used within 24 hours for another request; use a new one.");
}

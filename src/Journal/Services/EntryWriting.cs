using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Services;

/// <summary>New entries, one or many, each key once.</summary>
internal sealed class EntryWriting(
    [FromKeyedServices(JournalModule.DatabaseName)] Database database,
    IEntryRepository entries,
    IDayCounts counts,
    TimeProvider time)
{
    private const int AtOnceMax = 1_000;
    private const int Written = 201;
    private const int Refused = 422;
    private const int AttemptsMax = 3;

    public async Task<Result<CreatedEntry>> Create(
        UserId owner, CreateEntry request, string? key, CancellationToken cancellation)
    {
        var (now, faults) = (time.Now(), new Faults());
        var details = request.ToDetails().Check(now, faults);
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var entry = Entry.Write(owner, details, now);
        var done = await Once(
            key is null ? null : new IdempotentRequest(owner, key, Hash("entry", request.Fingerprint())),
            [entry],
            entry.ToContract(),
            JournalJson.Default.EntryView,
            cancellation);
        return done.Map(written => new CreatedEntry(written.Answer, written.Replayed));
    }

    public async Task<Result<CreatedEntries>> CreateMany(
        UserId owner, CreateEntries request, string? key, CancellationToken cancellation)
    {
        if (request.Entries is not { Count: > 0 and <= AtOnceMax } asked)
        {
            var faults = new Faults();
            faults.Add("entries", $"must be 1 to {AtOnceMax}");
            return faults.ToProblem();
        }

        var (now, sound, results) = (time.Now(), new List<Entry>(), new List<EntryResult>(asked.Count));
        foreach (var one in asked)
        {
            var faults = new Faults();
            var details = (one ?? new CreateEntry()).ToDetails().Check(now, faults);
            if (faults.Any)
            {
                results.Add(new EntryResult(Refused, null, faults.ToProblem().Errors));
                continue;
            }

            sound.Add(Entry.Write(owner, details, now));
            results.Add(new EntryResult(Written, sound[^1].Id.Value, null));
        }

        var done = await Once(
            key is null ? null : new IdempotentRequest(owner, key, Hash("entries", request.Fingerprint())),
            sound,
            new EntryResults(results, sound.Count),
            JournalJson.Default.EntryResults,
            cancellation);
        return done.Map(written => new CreatedEntries(written.Answer, written.Replayed));
    }

    private static string Hash(string what, string request) => IdempotentRequest.Hash(what, request);

    // A key that another transaction used at the same moment is found by the next try.
    private async Task<Result<(T Answer, bool Replayed)>> Once<T>(
        IdempotentRequest? key,
        IReadOnlyList<Entry> written,
        T answer,
        JsonTypeInfo<T> json,
        CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Write(key, written, answer, json, cancellation);
            }
            catch (KeyTakenException) when (attempt < AttemptsMax)
            {
                continue;
            }
        }
    }

    private async Task<Result<(T Answer, bool Replayed)>> Write<T>(
        IdempotentRequest? key,
        IReadOnlyList<Entry> written,
        T answer,
        JsonTypeInfo<T> json,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        if (key is not null)
        {
            if ((await IdempotencyKeys.Find(unit, [key], now)) is [var earlier])
            {
                return earlier.RequestHash == key.RequestHash
                    ? (JsonSerializer.Deserialize(earlier.Answer, json)!, true)
                    : new Problem(
                        ProblemCodes.IdempotencyMismatch,
                        "The key was used within 24 hours for another request; use a new one.");
            }

            await IdempotencyKeys.Keep(unit, [(key, JsonSerializer.Serialize(answer, json))], now);
        }

        if (written.Count > 0)
        {
            var owner = written[0].Owner;
            await entries.Insert(unit, owner, written);
            await counts.Apply(
                unit, owner, [.. written.Select(entry => new EntryChange(entry.Id, null, entry.Details))]);
            await Outbox.Add(unit, [.. written.Select(entry => entry.ToFact("created", now))]);
        }

        await unit.Commit();
        return (answer, false);
    }
}

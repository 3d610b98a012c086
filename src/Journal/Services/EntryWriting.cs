using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Checks new entries, one or many, and hands what is sound to their lane.</summary>
internal sealed class EntryWriting(EntryLanes lanes, TimeProvider time)
{
    private const int AtOnceMax = 1_000;
    private const int Sound = 201;
    private const int Refused = 422;

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
        var done = await Write(
            owner,
            [entry],
            key is null ? null : new IdempotentRequest(owner, key, Hash("entry", request.Fingerprint())),
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
            results.Add(new EntryResult(Sound, sound[^1].Id.Value, null));
        }

        var done = await Write(
            owner,
            sound,
            key is null ? null : new IdempotentRequest(owner, key, Hash("entries", request.Fingerprint())),
            new EntryResults(results, sound.Count),
            JournalJson.Default.EntryResults,
            cancellation);
        return done.Map(written => new CreatedEntries(written.Answer, written.Replayed));
    }

    private static string Hash(string what, string request) => IdempotentRequest.Hash(what, request);

    private async Task<Result<(T Answer, bool Replayed)>> Write<T>(
        UserId owner,
        IReadOnlyList<Entry> sound,
        IdempotentRequest? key,
        T answer,
        JsonTypeInfo<T> json,
        CancellationToken cancellation)
    {
        var toKeep = key is null ? null : JsonSerializer.Serialize(answer, json);
        var done = await lanes.Write(new EntryRequest(owner, sound, key, toKeep, cancellation));
        return done.Map(written => written.Earlier is { } earlier
            ? (JsonSerializer.Deserialize(earlier, json)!, true)
            : (answer, false));
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Gatehouse.Foundation.Caching;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Answers about a journal as they go out, each kept for the state the journal was in before it was loaded: a change
/// gives the journal another state, and what was kept is not asked for any more. That needs no message to other
/// instances, and nothing of Redis but room.
/// </summary>
internal sealed class JournalCache(ICache cache, JournalStates states)
{
    private const int FingerprintCharacters = 16;
    private static readonly CachePolicy Policy = new(TimeSpan.FromMinutes(5));

    /// <summary>What is kept, else what <paramref name="load"/> brings.</summary>
    /// <param name="owner">Whose journal it is about.</param>
    /// <param name="what">
    /// All that the answer depends on beside the journal: what was asked, and the day where that plays a part.
    /// </param>
    /// <param name="known">The <c>If-None-Match</c> of who asks.</param>
    /// <param name="load">May run on after its caller has gone. What it throws is not kept.</param>
    /// <param name="cancellation">Ends the wait of this caller only.</param>
    public async Task<Result<JournalAnswer>> Get(
        UserId owner,
        string what,
        string known,
        Func<CancellationToken, Task<byte[]>> load,
        CancellationToken cancellation)
    {
        var state = await states.Of(owner, cancellation);
        if (state.Failed(out var problem))
        {
            return problem;
        }

        var tag = $"\"{state.Value:N}-{Fingerprint($"{owner}:{what}")}\"";
        return known.Length > 0 && known.Split(',').Any(one => one.Trim() == tag)
            ? new JournalAnswer(tag, Body: null)
            : new JournalAnswer(tag, await cache.Get(
                $"journal.1:{owner}:{state.Value:N}:{what}",
                Policy,
                KeptJson.Default.ByteArray,
                async ending => await load(ending),
                cancellation));
    }

    // Of whom, too: journals that nobody has written in are all in the same state.
    private static string Fingerprint(string what) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..FingerprintCharacters];
}

/// <summary>An answer as it goes out.</summary>
/// <param name="Tag">Its <c>ETag</c>.</param>
/// <param name="Body">Null where the caller has it already.</param>
internal sealed record JournalAnswer(string Tag, byte[]? Body);

[JsonSerializable(typeof(byte[]))]
internal sealed partial class KeptJson : JsonSerializerContext;

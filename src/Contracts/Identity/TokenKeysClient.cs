using System.Collections.Frozen;
using System.Net.Http.Json;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The keys of an identity service in another process. An unknown key id asks again, at most once in 30 s, so that made-up ids
/// cannot be turned into load.
/// </summary>
public sealed class TokenKeysClient(HttpClient http, Uri address, TimeProvider time) : ITokenKeys, IDisposable
{
    /// <summary>At most this many bytes of answer are read.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan FetchPause = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile FrozenDictionary<string, TokenKey> keys = FrozenDictionary<string, TokenKey>.Empty;
    private long? fetchedAt;

    public async ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation)
    {
        if (keys.TryGetValue(kid, out var known))
        {
            return known;
        }

        await Fetch(cancellation);
        return keys.GetValueOrDefault(kid);
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation)
    {
        if (keys.Count == 0)
        {
            await Fetch(cancellation);
        }

        return new TokenKeySet([.. keys.Values]);
    }

    public void Dispose() => turn.Dispose();

    private async Task Fetch(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (fetchedAt is { } last && time.GetElapsedTime(last) < FetchPause)
            {
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellation);
            var set = await response.Content.ReadFromJsonAsync(IdentityJson.Default.TokenKeySet, cancellation);
            keys = (set?.Keys ?? []).DistinctBy(key => key.Kid).ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
            // Only a fetch that worked starts the pause: an identity service that is still starting is asked again at once.
            fetchedAt = time.GetTimestamp();
        }
        finally
        {
            turn.Release();
        }
    }
}

using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The keys of an identity service in another process. An unknown key id asks again, at most once in 30 s, so that
/// made-up ids cannot be turned into load. Throws <see cref="HttpRequestException"/> while the service does not
/// answer.
/// </summary>
public sealed class TokenKeysClient(HttpClient http, Uri address, TimeProvider time) : ITokenKeys, IDisposable
{
    /// <summary>At most this many bytes of answer are read.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan FetchPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile FrozenDictionary<string, TokenKey> keys = FrozenDictionary<string, TokenKey>.Empty;
    private long? askedAt;
    private bool failed;

    public async ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation)
    {
        if (keys.TryGetValue(kid, out var known))
        {
            return known;
        }

        return (await Fetch(cancellation)).GetValueOrDefault(kid);
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation)
    {
        var known = keys.Count > 0 ? keys : await Fetch(cancellation);
        return new TokenKeySet([.. known.Values]);
    }

    public void Dispose() => turn.Dispose();

    private async Task<FrozenDictionary<string, TokenKey>> Fetch(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (askedAt is { } last && time.GetElapsedTime(last) < (failed ? FailurePause : FetchPause))
            {
                return failed
                    ? throw new HttpRequestException("The token keys could not be fetched a moment ago.")
                    : keys;
            }

            (askedAt, failed) = (time.GetTimestamp(), true);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellation);
            var set = await Read(response.Content, cancellation);
            keys = (set?.Keys ?? []).DistinctBy(key => key.Kid)
                .ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
            failed = false;
            return keys;
        }
        finally
        {
            turn.Release();
        }
    }

    // A proxy in between may answer 200 with a page of its own.
    private static async Task<TokenKeySet?> Read(HttpContent content, CancellationToken cancellation)
    {
        try
        {
            return await content.ReadFromJsonAsync(IdentityJson.Default.TokenKeySet, cancellation);
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException("The token keys are not what was expected.", exception);
        }
    }
}

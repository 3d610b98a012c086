using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Text.Json;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The keys of an identity service in another process. They are believed for the <c>max-age</c> they come with and
/// fetched anew in the background from half of that on, or a minute; when the service does not answer, the last ones
/// stay. An unknown key id asks again, at most once in 30 s, so that made-up ids cannot be turned into load. However
/// many wait, one request is under way. Throws <see cref="HttpRequestException"/> or
/// <see cref="TaskCanceledException"/> for an id that is not known while the service does not answer.
/// </summary>
public sealed class TokenKeysClient(HttpClient http, Uri address, TimeProvider time) : ITokenKeys
{
    /// <summary>At most this many bytes of answer are read.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    private static readonly TimeSpan UnknownPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgeUsual = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(1);
    private readonly Lock gate = new();
    private volatile Snapshot? last;
    private Task<Snapshot>? flight;
    private long? failedAt;

    public ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation)
    {
        if (last is not { } known)
        {
            return FindAnew(kid, cancellation);
        }

        var age = time.GetElapsedTime(known.AskedAt);
        if (!known.ByKid.TryGetValue(kid, out var key))
        {
            return IsDown || age >= UnknownPause ? FindAnew(kid, cancellation) : ValueTask.FromResult<TokenKey?>(null);
        }

        if (age >= known.MaxAge && !IsDown)
        {
            return FindAgain(kid, key, cancellation);
        }

        if (age >= known.RefreshAfter)
        {
            Refresh();
        }

        return ValueTask.FromResult<TokenKey?>(key);
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation) =>
        new([.. (last ?? await Fetch().WaitAsync(cancellation)).ByKid.Values]);

    private bool IsDown
    {
        get
        {
            lock (gate)
            {
                return failedAt is not null;
            }
        }
    }

    private async ValueTask<TokenKey?> FindAnew(string kid, CancellationToken cancellation) =>
        (await Fetch().WaitAsync(cancellation)).ByKid.GetValueOrDefault(kid);

    private async ValueTask<TokenKey?> FindAgain(string kid, TokenKey known, CancellationToken cancellation)
    {
        try
        {
            return await FindAnew(kid, cancellation);
        }
        catch (Exception exception) when (IsSilence(exception) && !cancellation.IsCancellationRequested)
        {
            return known;
        }
    }

    private void Refresh() => _ = Fetch().ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>The request that is under way, or a new one; none within a second of one that failed.</summary>
    private Task<Snapshot> Fetch()
    {
        lock (gate)
        {
            if (flight is null or { IsCompleted: true })
            {
                if (failedAt is { } failure && time.GetElapsedTime(failure) < FailurePause)
                {
                    return Task.FromException<Snapshot>(
                        new HttpRequestException("The token keys could not be fetched a moment ago."));
                }

                flight = Ask();
            }

            return flight;
        }
    }

    private async Task<Snapshot> Ask()
    {
        // Off the lock at once.
        await Task.Yield();
        var askedAt = time.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax);
            var keys = await Read(response.Content);
            var age = response.Headers.CacheControl?.MaxAge ?? AgeUsual;
            var found = new Snapshot(
                keys.Where(key => key is { Kid: not null }).DistinctBy(key => key.Kid)
                    .ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal),
                age < AgeMax ? age : AgeMax,
                askedAt);
            Note(failed: false);
            return last = found;
        }
        catch (Exception exception) when (IsSilence(exception))
        {
            Note(failed: true);
            throw;
        }
    }

    private void Note(bool failed)
    {
        lock (gate)
        {
            failedAt = failed ? time.GetTimestamp() : null;
        }
    }

    private static bool IsSilence(Exception exception) => exception is HttpRequestException or TaskCanceledException;

    // A proxy in between may answer 200 with a page of its own.
    private static async Task<IReadOnlyList<TokenKey>> Read(HttpContent content)
    {
        try
        {
            return (await content.ReadFromJsonAsync(IdentityJson.Default.TokenKeySet))?.Keys ??
                throw new HttpRequestException("The token keys are not what was expected.");
        }
        catch (JsonException exception)
        {
            throw new HttpRequestException("The token keys are not what was expected.", exception);
        }
    }

    private sealed record Snapshot(FrozenDictionary<string, TokenKey> ByKid, TimeSpan MaxAge, long AskedAt)
    {
        public TimeSpan RefreshAfter { get; } = MaxAge / 2 < RefreshMax ? MaxAge / 2 : RefreshMax;
    }
}

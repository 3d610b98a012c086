using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The checks of an identity service in another process, asked with the caller's own token. What it said is believed
/// for <see cref="SessionCheckBound.Age"/> and asked anew in the background from half of that on, so that a caller who
/// goes on never waits.
/// <para>
/// While the service does not answer, calls that need it at once fail with <see cref="HttpRequestException"/> or
/// <see cref="TaskCanceledException"/>, and ordinary ones go on for as long as the token lives: an outage of identity
/// is none of everything else. They do not wait for it either: one call a second probes, in the background.
/// </para>
/// <para>
/// An answer that is neither yes nor no, such as that of a limit, is no outage: whoever it was given to must not switch
/// the checks off for all. Once what is known of that caller is too old, all its calls fail.
/// </para>
/// </summary>
public sealed class SessionChecksClient(HttpClient http, Uri address, TimeProvider time) : ISessionChecks
{
    /// <summary>Callers that are remembered at most.</summary>
    public const int EntriesMax = 10_000;

    private static readonly TimeSpan RefreshFrom = SessionCheckBound.Age / 2;
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Caller, Verdict> known = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> flights = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long? failedAt;

    public int Count => known.Count;

    public ValueTask<bool> IsGood(Caller caller, string accessToken, bool atOnce, CancellationToken cancellation)
    {
        if (atOnce)
        {
            // Not with those who are on their way already: their answer may be older than this call.
            return new ValueTask<bool>(Ask(caller, accessToken, cancellation));
        }

        var verdict = known.TryGetValue(caller, out var found) && found.IsOf(accessToken) ? found : null;
        var age = verdict is null ? TimeSpan.MaxValue : time.GetElapsedTime(verdict.AskedAt);
        if (age >= SessionCheckBound.Age && !IsDown)
        {
            return Wait(caller, accessToken, verdict, cancellation);
        }

        if (age >= RefreshFrom && MayProbe())
        {
            _ = Quietly(Join(caller, accessToken));
        }

        return ValueTask.FromResult(verdict?.Good ?? true);
    }

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

    private async ValueTask<bool> Wait(
        Caller caller, string accessToken, Verdict? last, CancellationToken cancellation)
    {
        try
        {
            return await Join(caller, accessToken).WaitAsync(cancellation);
        }
        catch (Exception exception) when (IsSilence(exception) && !cancellation.IsCancellationRequested)
        {
            return last?.Good ?? true;
        }
    }

    /// <summary>However many ask about one token at once, one request goes out, and no caller's end ends it.</summary>
    private Task<bool> Join(Caller caller, string accessToken) => flights.GetOrAdd(
        accessToken,
        static (token, the) => new Lazy<Task<bool>>(() => the.Client.Fly(the.Caller, token)),
        (Client: this, Caller: caller)).Value;

    private async Task<bool> Fly(Caller caller, string accessToken)
    {
        try
        {
            return await Ask(caller, accessToken, CancellationToken.None);
        }
        finally
        {
            flights.TryRemove(accessToken, out _);
        }
    }

    private async Task<bool> Ask(Caller caller, string accessToken, CancellationToken cancellation)
    {
        var askedAt = time.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var good = response.StatusCode switch
            {
                HttpStatusCode.NoContent => true,
                HttpStatusCode.Unauthorized => false,
                // A page of some proxy's, or a limit: it says nothing of the session.
                var other => throw new HttpRequestException($"Identity answered {(int)other}.", null, other),
            };
            Keep(caller, new Verdict(good ? null : accessToken, askedAt));
            Answered(askedAt, failed: false);
            return good;
        }
        catch (Exception exception) when (IsSilence(exception) && !cancellation.IsCancellationRequested)
        {
            Answered(askedAt, failed: true);
            throw;
        }
    }

    private void Keep(Caller caller, Verdict verdict)
    {
        if (known.Count >= EntriesMax)
        {
            MakeRoom();
        }

        known.AddOrUpdate(
            caller,
            static (_, fresh) => fresh,
            static (_, old, fresh) => fresh.AskedAt >= old.AskedAt ? fresh : old,
            verdict);
    }

    // Either half of the entries or all: so that it is not done again for the next one.
    private void MakeRoom()
    {
        foreach (var (caller, verdict) in known)
        {
            if (time.GetElapsedTime(verdict.AskedAt) >= SessionCheckBound.Age)
            {
                known.TryRemove(caller, out _);
            }
        }

        if (known.Count > EntriesMax / 2)
        {
            known.Clear();
        }
    }

    private void Answered(long askedAt, bool failed)
    {
        lock (gate)
        {
            // A failure of something asked later stands.
            failedAt = failed ? time.GetTimestamp() : failedAt <= askedAt ? null : failedAt;
        }
    }

    /// <summary>While it is down: one a second.</summary>
    private bool MayProbe()
    {
        lock (gate)
        {
            if (failedAt is not { } last)
            {
                return true;
            }

            if (time.GetElapsedTime(last) < ProbePause)
            {
                return false;
            }

            failedAt = time.GetTimestamp();
            return true;
        }
    }

    private static bool IsSilence(Exception exception) => exception is TaskCanceledException or
        HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError };

    private static async Task Quietly(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            // Noted where it failed; the next one asks again.
        }
    }

    /// <param name="RefusedToken">
    /// The token that was refused, null when it was good. Another token of the same caller may be good still: what was
    /// refused may have been its age.
    /// </param>
    /// <param name="AskedAt">Timestamp of the question: what happened later it cannot tell.</param>
    private sealed record Verdict(string? RefusedToken, long AskedAt)
    {
        public bool Good => RefusedToken is null;

        public bool IsOf(string accessToken) => Good || RefusedToken == accessToken;
    }
}

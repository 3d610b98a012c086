using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Foundation.Caching;

/// <summary>Decides between the levels: memory, then Redis if there is one, then the loader, once.</summary>
internal sealed class Cache : ICache, IDisposable
{
    private const int KeyLengthMax = 256;
    private const int EntryBytes = 250;
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(100);

    private readonly CachingOptions options;
    private readonly TimeProvider time;
    private readonly SharedLoads? shared;
    private readonly MemoryStore memory;
    private readonly Flights flights = new();
    private readonly Invalidations? invalidations;
    private readonly ITimer sweeping;
    private readonly long origin;

    public Cache(CachingOptions options, TimeProvider time, RedisStore? redis = null)
    {
        this.options = options;
        this.time = time;
        origin = time.GetTimestamp();
        memory = new MemoryStore(options.EntriesMax, options.BytesMax);
        if (redis is not null)
        {
            invalidations = new Invalidations(redis, time, Forget, ForgetAll);
            shared = new SharedLoads(redis, invalidations, options, time);
        }

        var pause = TimeSpan.FromSeconds(options.SweepSeconds);
        sweeping = time.CreateTimer(_ => memory.Sweep(Now), state: null, pause, pause);
    }

    public MemoryStore Memory => memory;

    private TimeSpan Now => time.GetElapsedTime(origin);

    public ValueTask<T> Get<T>(
        string key,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        CancellationToken cancellation)
    {
        key = Bounded(key);
        if (memory.Find(key) is not CacheEntry<T> entry || Now is var now && now >= entry.TrustedUntil)
        {
            return Wait(key, policy, json, load, cancellation);
        }

        if (now < entry.FreshUntil)
        {
            CacheMeter.Hits.Add(1, CacheMeter.Memory);
            return new ValueTask<T>(entry.Value);
        }

        if (now >= entry.StaleUntil)
        {
            return Wait(key, policy, json, load, cancellation);
        }

        CacheMeter.Stale.Add(1);
        if (now >= entry.RefreshFrom && !flights.Has(key))
        {
            Refresh(key, policy, json, load);
        }

        return new ValueTask<T>(entry.Value);
    }

    public async ValueTask Invalidate(string tag)
    {
        CachePolicy.RequireTag(tag);
        Forget(tag, isTag: true);
        if (invalidations is not null)
        {
            await invalidations.Tell(tag, isTag: true);
            // What was read from Redis before it heard of this is gone as well.
            Forget(tag, isTag: true);
        }
    }

    public async ValueTask Remove(string key)
    {
        key = Bounded(key);
        Forget(key, isTag: false);
        if (invalidations is not null)
        {
            await invalidations.Tell(key, isTag: false);
            Forget(key, isTag: false);
        }
    }

    public void Dispose()
    {
        sweeping.Dispose();
        invalidations?.Dispose();
    }

    private async ValueTask<T> Wait<T>(
        string key,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var flight = flights.Join<T>(key, policy.Tags, out var isMine);
        if (isMine)
        {
            _ = Fly(flight, policy, json, load, mayBeStale: true);
        }
        else
        {
            CacheMeter.Prevented.Add(1);
        }

        return await flight.Landing.WaitAsync(cancellation);
    }

    private void Refresh<T>(
        string key, CachePolicy policy, JsonTypeInfo<T> json, Func<CancellationToken, ValueTask<T>> load)
    {
        var flight = flights.Join<T>(key, policy.Tags, out var isMine);
        if (isMine)
        {
            _ = Fly(flight, policy, json, load, mayBeStale: false);
        }
    }

    /// <summary>Ends with the flight landed or crashed, and throws nothing.</summary>
    private async Task Fly<T>(
        Flight<T> flight,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        bool mayBeStale)
    {
        try
        {
            var asked = Now;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.LoadSeconds), time);
            var found = shared is null
                ? Loaded<T>.Of(await Loaded<T>.Load(load, patience.Token), policy, json, out _)
                : await shared.Obtain(flight.Key, policy, json, load, mayBeStale, patience.Token);
            Keep(flight, policy, found, asked, refreshFrom: mayBeStale ? TimeSpan.Zero : asked + LookPause);
            flights.End(flight);
            flight.Land(found.Value);
            if (found.FreshFor <= TimeSpan.Zero && mayBeStale)
            {
                Refresh(flight.Key, policy, json, load);
            }
        }
        catch (Exception failure)
        {
            if (memory.Find(flight.Key) is { } stale)
            {
                stale.RefreshFrom = Now + RefreshPause;
            }

            flights.End(flight);
            flight.Crash(failure is OperationCanceledException
                ? new TimeoutException($"It did not load within {options.LoadSeconds} s.", failure)
                : failure);
        }
    }

    private void Keep<T>(Flight<T> flight, CachePolicy policy, Loaded<T> found, TimeSpan asked, TimeSpan refreshFrom)
    {
        if (found.JsonBytes > options.ValueBytesMax)
        {
            return;
        }

        var now = Now;
        // In memory text has two bytes a letter, where JSON has one and the names of fields.
        var bytes = EntryBytes + (2L * flight.Key.Length) + (2L * found.JsonBytes);
        var entry = new CacheEntry<T>(flight.Key, policy.Tags, bytes, found.Value)
        {
            FreshUntil = now + found.FreshFor,
            StaleUntil = now + found.FreshFor + found.StaleFor,
            TrustedUntil = shared is null ? TimeSpan.MaxValue : asked + TimeSpan.FromSeconds(options.LocalSeconds),
            RefreshFrom = refreshFrom,
        };
        flight.Unspoiled(() => memory.Put(entry));
    }

    /// <summary>Here; loads under way first, so that none of them puts back what is removed after.</summary>
    private void Forget(string name, bool isTag)
    {
        CacheMeter.Invalidations.Add(1);
        if (isTag)
        {
            flights.Spoil(flight => flight.Tags.Contains(name, StringComparer.Ordinal));
            memory.RemoveTag(name);
        }
        else
        {
            flights.Spoil(flight => flight.Key == name);
            memory.Remove(name);
        }
    }

    private void ForgetAll()
    {
        flights.Spoil(_ => true);
        memory.Clear();
    }

    /// <summary>A key from outside may be of any length: a long one is known by its hash.</summary>
    private static string Bounded(string key) => key.Length <= KeyLengthMax
        ? key
        : string.Concat(key.AsSpan(0, 64), "#", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
}

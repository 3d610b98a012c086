using System.Collections.Concurrent;

namespace Gatehouse.Foundation.Caching;

/// <summary>The loads under way, one a key; whoever wants the same waits for it.</summary>
public sealed class Flights
{
    private readonly ConcurrentDictionary<string, Flight> byKey = new(StringComparer.Ordinal);

    /// <summary>The one under way, or one that the caller has to carry out and <see cref="End"/>.</summary>
    public Flight<T> Join<T>(string key, IReadOnlyList<string> tags, out bool isMine)
    {
        Flight<T>? made = null;
        while (true)
        {
            if (byKey.TryGetValue(key, out var other))
            {
                isMine = false;
                return other as Flight<T> ?? throw new InvalidOperationException(
                    $"The cache key '{key}' is used for values of two types.");
            }

            made ??= new Flight<T>(key, tags);
            if (byKey.TryAdd(key, made))
            {
                isMine = true;
                return made;
            }
        }
    }

    public bool Has(string key) => byKey.ContainsKey(key);

    public void End(Flight flight) => byKey.TryRemove(KeyValuePair.Create(flight.Key, flight));

    /// <summary>
    /// What they bring may be older than the change: it goes to those who wait for it already, and to nobody later.
    /// </summary>
    public void Spoil(Func<Flight, bool> which)
    {
        foreach (var flight in byKey.Values.Where(which))
        {
            flight.Spoil();
            End(flight);
        }
    }
}

public abstract class Flight(string key, IReadOnlyList<string> tags)
{
    private readonly Lock gate = new();
    private bool spoiled;

    public string Key { get; } = key;

    public IReadOnlyList<string> Tags { get; } = tags;

    public void Spoil()
    {
        lock (gate)
        {
            spoiled = true;
        }
    }

    /// <summary>Does it, unless the load was spoiled; not while it is being spoiled.</summary>
    public void Unspoiled(Action keep)
    {
        lock (gate)
        {
            if (!spoiled)
            {
                keep();
            }
        }
    }
}

public sealed class Flight<T>(string key, IReadOnlyList<string> tags) : Flight(key, tags)
{
    private readonly TaskCompletionSource<T> landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Landing => landing.Task;

    public void Land(T value) => landing.SetResult(value);

    public void Crash(Exception reason)
    {
        landing.SetException(reason);
        // All who waited may have gone: then nobody sees it, which is no fault.
        _ = landing.Task.Exception;
    }
}

using Gatehouse.Foundation.Caching;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Caching;

/// <summary>What is kept, in memory and where there is a Redis in it as well, and how it is forgotten.</summary>
internal sealed class AnswerCache : IDisposable
{
    private const int EntriesMax = 1_000_000;
    private const int PurgesKept = 65_536;
    private static readonly TimeSpan PassFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(30);

    private readonly TimeProvider time;
    private readonly long origin;
    private readonly MemoryStore memory;
    private readonly SharedAnswers? shared;
    private readonly ITimer sweeping;
    private readonly Lock gate = new();
    private readonly Purge[] purges = new Purge[PurgesKept];
    private long purged;

    public AnswerCache(GatewayOptions options, TimeProvider time, SharedBytesSource? source = null)
    {
        this.time = time;
        origin = time.GetTimestamp();
        BytesMax = options.CacheBytesMax;
        TakenWithin = TimeSpan.FromSeconds(options.TakenWithinSeconds);
        memory = new MemoryStore(EntriesMax, BytesMax);
        UnderWay = new ReplayMemory(BytesMax / 2);
        shared = source is null ? null : SharedAnswers.Open(source, Forget, ForgetAll);
        sweeping = time.CreateTimer(_ => memory.Sweep(Now), state: null, SweepPause, SweepPause);
    }

    public long BytesMax { get; }

    /// <summary>A client that takes nothing for so long is not waited for.</summary>
    public TimeSpan TakenWithin { get; }

    public int Count => memory.Count;

    public long Bytes => memory.Bytes;

    public Flights Flights { get; } = new();

    /// <summary>Of answers that are just being taken down.</summary>
    public ReplayMemory UnderWay { get; }

    public CacheCounts Counts { get; } = new();

    /// <summary>What was forgotten so far: an answer that was asked for before is not kept after.</summary>
    public long Purged => Interlocked.Read(ref purged);

    public DateTimeOffset Today => time.GetUtcNow();

    public bool IsShared => shared is not null;

    private TimeSpan Now => time.GetElapsedTime(origin);

    /// <summary>The slot that it is answered from, and the key that an answer to it is known by so far.</summary>
    public (CacheSlot? Slot, string Key) Find(CacheRequest request)
    {
        var key = request.Key;
        var slot = Find(key);
        if (slot?.Variants is { } variants)
        {
            key = variants.KeyOf(key, request.Context.Request.Headers);
            slot = Find(key);
        }

        return (slot, key);
    }

    /// <param name="since">What was <see cref="Purged"/> when it was asked for.</param>
    public bool Put(CacheRequest request, StoredAnswer answer, long since)
    {
        var until = Now + answer.Times.KeptFor(answer.HasValidator);
        lock (gate)
        {
            if (WasPurged(request.Place, answer.Tags, since))
            {
                return false;
            }

            var key = request.Key;
            var variants = (memory.Find(key) as CacheSlot)?.Variants;
            if (variants is not null || answer.Vary.Count > 0)
            {
                variants = Widened(variants, answer.Vary);
                memory.Put(CacheSlot.Of(key, request.Place, variants, until + SweepPause));
                key = variants.KeyOf(key, request.Context.Request.Headers);
                if (variants.Add(key) is { } surplus)
                {
                    memory.Remove(surplus);
                }
            }

            memory.Put(CacheSlot.Of(key, request.Place, answer, until));
            return true;
        }
    }

    /// <summary>For a while nobody waits for another's answer here.</summary>
    public void Pass(string key, CachePlace place)
    {
        lock (gate)
        {
            // One request that is answered otherwise takes nothing from all others.
            var slot = Find(key);
            if (slot is null or { IsPass: true } || (slot.Answer is { } answer && !answer.IsUsable(Today)))
            {
                memory.Put(CacheSlot.Of(key, place, variants: null, Now + PassFor));
            }
        }
    }

    public void Remove(string key) => memory.Remove(key);

    /// <summary>What another gateway kept, and the means to share what is brought instead.</summary>
    public ValueTask<SharedFind> FindShared(CacheRequest request) =>
        shared is null ? default : shared.Find(request);

    public void Share(CacheRequest request, StoredAnswer answer, SharedFind found)
    {
        if (shared is not null && found.Look is not null)
        {
            _ = shared.Put(request, answer, found);
        }
    }

    /// <summary>Here at once, in other gateways a moment later.</summary>
    public ValueTask Purge(Purge purge)
    {
        Forget(purge);
        return shared?.Tell(purge) ?? ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        sweeping.Dispose();
        shared?.Dispose();
    }

    private CacheSlot? Find(string key) =>
        memory.Find(key) is CacheSlot slot && slot.StaleUntil > Now ? slot : null;

    // Answers at one address may differ by one header today and by two tomorrow: by both, then.
    private static Variants Widened(Variants? before, IReadOnlyList<string> names) =>
        before is not null && names.All(before.Names.Contains)
            ? before
            : new Variants([.. (before?.Names ?? []).Union(names).Order(StringComparer.Ordinal)]);

    private void Forget(Purge purge)
    {
        lock (gate)
        {
            purges[purged % PurgesKept] = purge;
            purged++;
        }

        // Requests that come from now on do not wait for what was asked before.
        Flights.Spoil(flight => purge.Tag is not null || flight is not Flight<Landing> load ||
            purge.Matches(PlaceOf(load.Tags)));
        if (purge is { Host: { } host, Path: { } path, IsPrefix: false, Tag: null })
        {
            memory.RemoveTag(new CachePlace(host, path).Text);
            return;
        }

        memory.RemoveWhere(entry =>
            entry is CacheSlot { Place: { } place } slot && purge.Matches(place, slot.Answer?.Tags ?? []));
    }

    private void ForgetAll() => Forget(new Purge(null, "/", IsPrefix: true, null));

    private bool WasPurged(CachePlace place, IReadOnlyList<string> tags, long since)
    {
        for (var i = since; i < purged; i++)
        {
            if (purged - i > PurgesKept || purges[i % PurgesKept].Matches(place, tags))
            {
                return true;
            }
        }

        return false;
    }

    private static CachePlace PlaceOf(IReadOnlyList<string> tags) => new(tags[0], tags[1]);
}

/// <summary>How the load ended that others waited for.</summary>
/// <param name="Answer">For all of them; null: each asks for itself.</param>
/// <param name="IsAgain">It was given up by its own client: another may try.</param>
internal readonly record struct Landing(StoredAnswer? Answer, bool IsAgain = false);

using System.Collections.Concurrent;
using System.Net;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using IPNetwork = System.Net.IPNetwork;

namespace Gatehouse.Foundation.Limits;

/// <param name="StrikesMax">In one window; one more and the address is blocked. 0: nobody ever is.</param>
/// <param name="Window">From the first strike.</param>
/// <param name="Duration">Of a block.</param>
public sealed record BlockRule(int StrikesMax, TimeSpan Window, TimeSpan Duration);

/// <summary>An address nothing is taken from.</summary>
/// <param name="Address">Of IPv4 the address, of IPv6 the first of its /64.</param>
/// <param name="Since">As this instance knows it.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record AddressBlock(IPAddress Address, DateTimeOffset Since, DateTimeOffset Until)
{
    internal bool IsShared { get; init; }
}

/// <summary>
/// Addresses that did too often what they should not, and are blocked for a while. Addresses are those of
/// <see cref="LimitKey"/>; a trusted proxy's own is never counted, since it is many people's. With Redis all instances
/// count and block together; each asks only its own memory whether an address is blocked.
/// </summary>
public sealed class AddressBlocks : IDisposable
{
    /// <summary>At once; past it the block that would end first gives way.</summary>
    public const int BlocksMax = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly BlockRule rule;
    private readonly IReadOnlyList<IPNetwork> proxies;
    private readonly RedisBlocks shared;
    private readonly TimeProvider time;
    private readonly AddressStrikes strikes;
    private readonly ConcurrentDictionary<LimitKey, AddressBlock> blocks = new();
    private readonly Lock gate = new();
    private readonly ITimer keeping;
    private volatile bool hasBlocks;

    internal AddressBlocks(BlockRule rule, HttpOptions http, RedisBlocks shared, TimeProvider time)
    {
        (this.rule, this.shared, this.time) = (rule, shared, time);
        proxies = ProxyTrust.Of(http);
        strikes = new AddressStrikes(time);
        shared.Hear(
            (address, left) => Put(address, left, isShared: true),
            address => Remove(address),
            restored: () => _ = Synchronize());
        keeping = time.CreateTimer(_ => _ = Synchronize(), state: null, Pause, Pause);
    }

    /// <summary>Those that end last first.</summary>
    public IReadOnlyList<AddressBlock> All
    {
        get
        {
            var now = time.Now();
            return [.. blocks.Values.Where(block => block.Until > now).OrderByDescending(block => block.Until)];
        }
    }

    /// <summary>How long it is blocked yet; null: it is not. One look, and none while nobody is blocked.</summary>
    public TimeSpan? Left(IPAddress? address)
    {
        if (!hasBlocks || address is null || !blocks.TryGetValue(LimitKey.Of(address), out var block))
        {
            return null;
        }

        var left = block.Until - time.Now();
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>Counts against the address; the block, when that was once too often.</summary>
    public async ValueTask<AddressBlock?> Strike(IPAddress? address)
    {
        if (rule.StrikesMax == 0 || address is null || IsProxy(address))
        {
            return null;
        }

        var place = PlaceOf(address);
        var left = await shared.Strike(place, LimitKey.Of(address), rule) ?? (strikes.Add(LimitKey.Of(address), rule)
            ? (rule.Duration, false)
            : (TimeSpan.Zero, false));
        return left.For > TimeSpan.Zero ? Put(place, left.For, left.IsShared) : null;
    }

    /// <summary>False when it was not blocked.</summary>
    /// <exception cref="ProblemException">The others could not be told; nothing has changed.</exception>
    public async ValueTask<bool> Lift(IPAddress address)
    {
        var place = PlaceOf(address);
        // Before the others are told: what they are told is heard here too.
        var wasBlocked = blocks.ContainsKey(LimitKey.Of(address));
        if (!await shared.Lift(place, LimitKey.Of(address)))
        {
            throw new ProblemException(new Problem(
                ProblemCodes.Unavailable, "Redis does not answer: the other gateways cannot be told.")
            {
                RetryAfter = Pause,
            });
        }

        strikes.Forget(LimitKey.Of(address));
        Remove(place);
        return wasBlocked;
    }

    public void Dispose() => keeping.Dispose();

    /// <summary>What an address is listed and blocked as.</summary>
    internal static IPAddress PlaceOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            return address;
        }

        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private bool IsProxy(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var proxy in proxies)
        {
            if (proxy.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    private AddressBlock Put(IPAddress place, TimeSpan left, bool isShared)
    {
        var now = time.Now();
        lock (gate)
        {
            var key = LimitKey.Of(place);
            var since = blocks.TryGetValue(key, out var known) ? known.Since : now;
            var block = new AddressBlock(place, since, now + left) { IsShared = isShared };
            blocks[key] = block;
            if (blocks.Count > BlocksMax && blocks.MinBy(block => block.Value.Until) is { Value: { } } first)
            {
                blocks.TryRemove(first.Key, out _);
            }

            hasBlocks = true;
            return block;
        }
    }

    private void Remove(IPAddress place)
    {
        lock (gate)
        {
            blocks.TryRemove(LimitKey.Of(place), out _);
            hasBlocks = !blocks.IsEmpty;
        }
    }

    /// <summary>Forgets what is over, and takes over what the others know.</summary>
    private async Task Synchronize()
    {
        var theirs = await shared.All();
        var now = time.Now();
        foreach (var (place, left) in theirs ?? [])
        {
            Put(place, left, isShared: true);
        }

        var known = theirs?.Select(one => one.Address).ToHashSet();
        foreach (var block in blocks.Values)
        {
            // What was made here while Redis was away is in this instance alone, and stays.
            if (block.Until <= now || (block.IsShared && known?.Contains(block.Address) == false))
            {
                Remove(block.Address);
            }
        }
    }
}

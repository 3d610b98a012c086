using static System.FormattableString;

namespace Gatehouse.Foundation.Limits;

public enum LimitAlgorithm
{
    /// <summary>A window begins with its first request. Cheapest; two windows meet with twice the permits.</summary>
    FixedWindow,

    /// <summary>
    /// Two counters: this window's, and the last one's in proportion to what of it is still within one window of now
    /// (Cloudflare, "How we built rate limiting capable of scaling to millions of domains", 2017). Exact for an even
    /// stream; a burst at the very end of a window is taken for even.
    /// </summary>
    SlidingWindow,

    /// <summary>
    /// A burst at once and the rest evenly: the token bucket, counted as GCRA (ITU-T I.371), which keeps one time and
    /// no counter. No window, wherever it begins, admits more than the permits.
    /// </summary>
    TokenBucket,
}

/// <summary>What an endpoint's limit counts together.</summary>
public enum LimitBy
{
    /// <summary>One client address; an IPv6 client is its /64, since it owns all of it.</summary>
    Address,

    /// <summary>One account; its address while nobody has signed in.</summary>
    User,

    /// <summary>All requests of one route, whoever sends them.</summary>
    Route,

    /// <summary>Whatever <see cref="RateLimits"/> is asked with; not for endpoints.</summary>
    Key,
}

/// <summary>How often something may be done.</summary>
public sealed record LimitPolicy
{
    private const long MicrosecondsMax = 86_400_000_000;

    /// <summary>Of permits times microseconds: Lua counts in doubles.</summary>
    private const long ProductMax = 1L << 53;

    /// <param name="name">Lower-case letters, digits, <c>.</c> and <c>-</c>; clients see it in RateLimit.</param>
    /// <param name="by">What is counted together.</param>
    /// <param name="algorithm">How it is counted.</param>
    /// <param name="permits">In one window, 1 to 1,000,000; at least 2 for a token bucket.</param>
    /// <param name="window">One second to one day.</param>
    /// <param name="burst">Of a token bucket: how many of the permits may be spent at once; half when not said.</param>
    public LimitPolicy(
        string name, LimitBy by, LimitAlgorithm algorithm, int permits, TimeSpan window, int? burst = null)
    {
        var isBucket = algorithm == LimitAlgorithm.TokenBucket;
        Name = name.Length is > 0 and <= 64 && name.All(IsOfName)
            ? name
            : throw new ArgumentException($"'{name}' is no name of a limit.", nameof(name));
        Permits = permits >= (isBucket ? 2 : 1) && permits <= 1_000_000
            ? permits
            : throw new ArgumentOutOfRangeException(nameof(permits), permits, $"Limit '{name}'.");
        WindowMicroseconds = window >= TimeSpan.FromSeconds(1) && window.Ticks / 10 <= MicrosecondsMax
            ? window.Ticks / 10
            : throw new ArgumentOutOfRangeException(nameof(window), window, $"Limit '{name}'.");
        if (Permits * WindowMicroseconds > ProductMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(permits), permits, $"Limit '{name}': more than can be counted in so long a window.");
        }

        Burst = burst ?? Math.Max(1, permits / 2);
        if (isBucket && (Burst < 1 || Burst >= permits))
        {
            throw new ArgumentOutOfRangeException(
                nameof(burst), burst, $"Limit '{name}': the burst is part of the permits.");
        }

        (By, Algorithm, Window) = (by, algorithm, window);
        Header = Invariant($"\"{name}\";q={permits};w={Math.Ceiling(window.TotalSeconds):0}");
    }

    public string Name { get; }

    public LimitBy By { get; }

    public LimitAlgorithm Algorithm { get; }

    public int Permits { get; }

    public TimeSpan Window { get; }

    public int Burst { get; }

    /// <summary>Each instance counts for itself, without Redis: for what guards the instance.</summary>
    public bool PerInstance { get; init; }

    internal long WindowMicroseconds { get; }

    /// <summary>As an item of RateLimit-Policy.</summary>
    internal string Header { get; }

    /// <summary>What one of <paramref name="instances"/> may admit alone: its part, and one at least.</summary>
    internal long PermitsOf(int instances) => Math.Max(1, Permits / instances);

    internal long BurstOf(int instances) => Math.Max(1, Burst / instances);

    /// <summary>Of a token bucket: microseconds until another permit is there, rounded up.</summary>
    internal long IntervalOf(int instances) =>
        ((WindowMicroseconds * instances) + (Permits - Burst) - 1) / (Permits - Burst);

    private static bool IsOfName(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-';
}

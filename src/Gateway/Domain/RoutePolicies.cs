namespace Gatehouse.Gateway.Domain;

/// <summary>
/// Trying again on another destination. What may be sent twice is not the file's to say: a request that is not
/// idempotent and carries no key that its servers read is sent again only if no byte of it has left.
/// </summary>
internal sealed record Retry
{
    public const long BodyBytesUsual = 64 * 1024;

    public static readonly IReadOnlyList<string> IdempotentMethods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

    /// <summary>Tries in all, the first included.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Which may be tried again after something was sent; idempotent ones only.</summary>
    public IReadOnlyList<string> Methods { get; init; } = IdempotentMethods;

    /// <summary>The servers do once what comes twice with one Idempotency-Key.</summary>
    public bool Keyed { get; init; }

    /// <summary>Answers that are worth another try.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [502, 503, 504];

    /// <summary>The longest first wait; each wait is drawn from 0 to it, and it doubles.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A longer body is not kept, and so not sent again.</summary>
    public long BodyBytesMax { get; init; } = BodyBytesUsual;
}

/// <summary>What is changed on the way there and back.</summary>
internal sealed record Transforms
{
    public static readonly Transforms None = new();

    /// <summary>The new path, with <c>{name}</c> of the route's own path in it; null: as it came.</summary>
    public string? Path { get; init; }

    /// <summary>What the destination is sent instead of the client's; null: the client's.</summary>
    public string? Method { get; init; }

    /// <summary>Those that go, then those that are set, then those beside; values with <c>{name}</c> in them.</summary>
    public IReadOnlyList<QueryChange> Query { get; init; } = [];

    public IReadOnlyList<HeaderChange> Request { get; init; } = [];

    public IReadOnlyList<HeaderChange> Response { get; init; } = [];

    /// <summary>The host that the destination sees is the client's, not its own.</summary>
    public bool KeepHost { get; init; }
}

/// <param name="Value">Null for <see cref="HeaderAction.Remove"/>.</param>
internal sealed record QueryChange(HeaderAction Action, string Name, string? Value);

internal enum HeaderAction
{
    Set,
    Append,
    Remove,
}

/// <param name="Value">Null for <see cref="HeaderAction.Remove"/>.</param>
internal sealed record HeaderChange(HeaderAction Action, string Name, string? Value);

/// <summary>Who may pass: someone signed in, with one of the roles and all of the scopes where any are named.</summary>
internal sealed record RouteAuth
{
    /// <summary>Null: Gatehouse itself.</summary>
    public TrustedIssuer? Issuer { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> Scopes { get; init; } = [];
}

/// <summary>Null where there is no limit.</summary>
internal sealed record RouteLimits
{
    public static readonly RouteLimits None = new();

    public RateLimit? PerAddress { get; init; }

    public RateLimit? PerUser { get; init; }

    /// <summary>Of all who use the route together.</summary>
    public RateLimit? Total { get; init; }

    /// <summary>Requests under way at once.</summary>
    public int? Concurrent { get; init; }
}

internal sealed record RateLimit(int Requests, TimeSpan Per);

internal sealed record Cors
{
    /// <summary><c>*</c> alone, or origins such as <c>https://example.org</c>.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public IReadOnlyList<string> Methods { get; init; } = ["GET", "HEAD", "POST"];

    public IReadOnlyList<string> Headers { get; init; } = [];

    public IReadOnlyList<string> Exposed { get; init; } = [];

    public bool Credentials { get; init; }

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Answers that are made smaller on their way to clients who can read that.</summary>
internal sealed record Compression
{
    /// <summary>A shorter one is sent as it is; one of unknown length is compressed.</summary>
    public long BytesMin { get; init; } = 1024;

    /// <summary>Beside the usual ones; <c>text/x-log</c> or <c>text/*</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];
}

/// <summary>Answers to GET that are kept and given again.</summary>
internal sealed record ResponseCache
{
    /// <summary>Where the origin does not say.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.Zero;

    /// <summary>Past its time, where the origin fails.</summary>
    public TimeSpan StaleIfError { get; init; } = TimeSpan.Zero;

    public long BodyBytesMax { get; init; } = 1024 * 1024;

    /// <summary>For a route with sign-in: the header whose value parts one person's answers from another's.</summary>
    public string? KeyHeader { get; init; }
}

/// <summary>What is answered where nothing else could be: one of the two.</summary>
internal sealed record Fallback
{
    /// <summary>Of the upstream that call for it, beside the gateway's own 502, 503 and 504.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>Asked once.</summary>
    public Cluster? Cluster { get; init; }

    public StaticAnswer? Answer { get; init; }
}

/// <param name="Headers">Beside type and length.</param>
internal sealed record StaticAnswer(
    int Status, string ContentType, ReadOnlyMemory<byte> Body, IReadOnlyList<HeaderChange> Headers);

namespace Gatehouse.Gateway.Domain;

/// <summary>Servers that answer the same.</summary>
internal sealed record Cluster
{
    public required string Id { get; init; }

    /// <summary>Of the file, with ids of their own; at least one where none register.</summary>
    public required IReadOnlyList<Destination> Destinations { get; init; }

    /// <summary>Which servers that register are taken in beside them; null: none.</summary>
    public RegistryRule? Registry { get; init; }

    public Balancing Balancing { get; init; } = new();

    /// <summary>HTTP/2 without TLS, for gRPC; with TLS the protocol is agreed on.</summary>
    public bool Http2 { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public ActiveHealth? ActiveHealth { get; init; }

    public PassiveHealth? PassiveHealth { get; init; }

    public BreakerRule? Breaker { get; init; }

    public Bulkhead? Bulkhead { get; init; }
}

/// <summary>One server.</summary>
/// <param name="Id">Unique in its cluster.</param>
/// <param name="Address">Scheme, host and port; a path is put before the path of each request.</param>
/// <param name="Weight">Its share of new requests, against the others' weights; 0 drains it.</param>
/// <param name="HealthPath">What it is asked for in health checks; null: what the cluster says.</param>
internal sealed record Destination(string Id, Uri Address, int Weight = 1, string? HealthPath = null)
{
    public const int IdCharactersMax = 64;

    /// <summary>Of clusters and of servers, in the file and in the registry.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= IdCharactersMax &&
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static bool IsTagCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '=';
}

/// <summary>Which servers that register themselves a cluster takes in.</summary>
/// <param name="Cluster">The name they register under.</param>
/// <param name="Tags">All of which they must have.</param>
internal sealed record RegistryRule(string Cluster, IReadOnlyList<string> Tags);

internal enum BalancingPolicy
{
    RoundRobin,
    LeastRequests,
    PowerOfTwo,
    Random,
    Hash,
    Cookie,
}

internal sealed record Balancing
{
    public BalancingPolicy Policy { get; init; } = BalancingPolicy.PowerOfTwo;

    /// <summary>For <see cref="BalancingPolicy.Hash"/>, one of the two: the header whose value decides.</summary>
    public string? HashHeader { get; init; }

    /// <summary>For <see cref="BalancingPolicy.Hash"/>, one of the two: the parameter whose value decides.</summary>
    public string? HashParameter { get; init; }

    /// <summary>For <see cref="BalancingPolicy.Cookie"/>: its name.</summary>
    public string? CookieName { get; init; }
}

/// <summary>Asks each destination.</summary>
internal sealed record ActiveHealth
{
    public string Path { get; init; } = "/health";

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Good answers in a row that bring a destination back.</summary>
    public int Up { get; init; } = 2;

    /// <summary>Bad ones in a row that take it out.</summary>
    public int Down { get; init; } = 3;
}

/// <summary>Watches what requests meet.</summary>
internal sealed record PassiveHealth
{
    /// <summary>5xx, resets and timeouts in a row that take a destination out.</summary>
    public int Failures { get; init; } = 5;

    public TimeSpan Ejection { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of a cluster's destinations, how many may be out at once, in percent.</summary>
    public int EjectedPercentMax { get; init; } = 50;
}

/// <summary>Of each destination.</summary>
internal sealed record BreakerRule
{
    /// <summary>Failures in a row that open it.</summary>
    public int Failures { get; init; } = 10;

    public TimeSpan Open { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests let through to try, when that time is over.</summary>
    public int Trials { get; init; } = 1;
}

/// <summary>Of each destination.</summary>
/// <param name="Requests">At once.</param>
/// <param name="Queue">That may wait.</param>
internal sealed record Bulkhead(int Requests, int Queue);

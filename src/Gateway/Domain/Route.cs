namespace Gatehouse.Gateway.Domain;

/// <summary>Which requests go to which cluster, and how.</summary>
internal sealed record Route
{
    public static readonly TimeSpan AnswerIdleUsual = TimeSpan.FromMinutes(2);

    public required string Id { get; init; }

    public required RouteConditions Match { get; init; }

    /// <summary>Of the routes that match, the one with the highest; 0 unless the file says otherwise.</summary>
    public int Priority { get; init; }

    public required Cluster Cluster { get; init; }

    /// <summary>For the whole request, retries included, until the head of the answer is there.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one try; null: what is left of the deadline.</summary>
    public TimeSpan? PerTry { get; init; }

    /// <summary>Between two pieces of an answer's body; null: as usual, and none for events and gRPC.</summary>
    public TimeSpan? AnswerIdle { get; init; }

    public Retry? Retry { get; init; }

    public Fallback? Fallback { get; init; }

    /// <summary>Null: the limit of the process.</summary>
    public long? BodyBytesMax { get; init; }

    public Transforms Transforms { get; init; } = Transforms.None;

    public RouteAuth? Auth { get; init; }

    public RouteLimits Limits { get; init; } = RouteLimits.None;

    public Cors? Cors { get; init; }

    public ResponseCache? Cache { get; init; }

    public Compression? Compression { get; init; }

    /// <summary>Answers get what protects pages, where the upstream has not set it.</summary>
    public bool SecurityHeaders { get; init; }
}

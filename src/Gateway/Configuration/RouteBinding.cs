using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>From what is said of a route to the route. What is not said, the model's own defaults say.</summary>
internal static class RouteBinding
{
    private const string AnyValue = "*";

    public static Route Bind(
        string id, Bound said, IReadOnlyDictionary<string, Cluster> clusters,
        IReadOnlyDictionary<string, TrustedIssuer> issuers)
    {
        var cluster = clusters[said.Find(RouteKeys.Cluster)!];
        var route = new Route { Id = id, Match = Conditions(said.Find(RouteKeys.Match)!)!, Cluster = cluster };
        return route with
        {
            Priority = said.Value(RouteKeys.Priority) ?? route.Priority,
            Deadline = said.Value(RouteKeys.Deadline) ?? route.Deadline,
            PerTry = said.Value(RouteKeys.PerTry),
            AnswerIdle = said.Value(RouteKeys.AnswerIdle),
            BodyBytesMax = said.Value(RouteKeys.BodyMax),
            Retry = said.Find(PolicyKeys.Retry) is { } retry ? RetryOf(retry) : null,
            Fallback = said.Find(FallbackKeys.Fallback) is { } fallback ? FallbackKeys.Bind(fallback, clusters) : null,
            Transforms = WithoutToken(said.Find(PolicyKeys.Auth),
                said.Find(PolicyKeys.Transform) is { } transform ? TransformsOf(transform) : Transforms.None),
            Auth = said.Find(PolicyKeys.Auth) is { } auth ? AuthOf(auth, issuers) : null,
            Limits = said.Find(PolicyKeys.Limits) is { } limits ? LimitsOf(limits) : RouteLimits.None,
            Cors = said.Find(PolicyKeys.Cors) is { } cors ? CorsOf(cors) : null,
            Cache = said.Find(PolicyKeys.Cache) is { } cache ? CacheOf(cache) : null,
            Compression = said.Find(PolicyKeys.Compression) is { } compression ? CompressionOf(compression) : null,
            SecurityHeaders = said.Value(PolicyKeys.SecurityHeaders) ?? false,
        };
    }

    /// <summary>Null while any of it is at fault.</summary>
    public static RouteConditions? Conditions(Bound match)
    {
        if (match.Find(RouteKeys.Path) is not { } path || match.IsFaulty(RouteKeys.Hosts) ||
            match.IsFaulty(RouteKeys.Methods) || match.IsFaulty(RouteKeys.Headers) || match.IsFaulty(RouteKeys.Query))
        {
            return null;
        }

        return new RouteConditions
        {
            Hosts = match.Find(RouteKeys.Hosts) ?? [],
            Path = path,
            Methods = match.Find(RouteKeys.Methods) ?? [],
            Headers = Values(match.Find(RouteKeys.Headers)),
            Query = Values(match.Find(RouteKeys.Query)),
        };
    }

    public static Retry RetryOf(Bound said)
    {
        var retry = new Retry();
        return retry with
        {
            Attempts = said.Value(PolicyKeys.Attempts) ?? retry.Attempts,
            Methods = said.Find(PolicyKeys.RetryMethods) ?? retry.Methods,
            Keyed = said.Value(PolicyKeys.Keyed) ?? retry.Keyed,
            Statuses = said.Find(PolicyKeys.On) ?? retry.Statuses,
            Backoff = said.Value(PolicyKeys.Backoff) ?? retry.Backoff,
            BackoffMax = said.Value(PolicyKeys.BackoffMax) ?? retry.BackoffMax,
            BodyBytesMax = said.Value(PolicyKeys.RetryBody) ?? retry.BodyBytesMax,
        };
    }

    private static IReadOnlyList<ValueCondition> Values(IReadOnlyList<Named<string>>? named) =>
        [.. (named ?? []).Select(one => new ValueCondition(one.Key.Key, one.Value == AnyValue ? null : one.Value))];

    private static Transforms TransformsOf(Bound said) => new()
    {
        Path = said.Find(PolicyKeys.RewritePath),
        Query = said.Find(PolicyKeys.Query) is { } query ? QueryOf(query) : [],
        Method = said.Find(PolicyKeys.SendMethod),
        KeepHost = said.Value(PolicyKeys.KeepHost) ?? false,
        Request = Changes(said.Find(PolicyKeys.RequestHeaders)),
        Response = Changes(said.Find(PolicyKeys.ResponseHeaders)),
    };

    // In the order the reference promises.
    private static IReadOnlyList<HeaderChange> Changes(Bound? said) => said is null
        ? []
        :
        [
            .. (said.Find(PolicyKeys.Remove) ?? []).Select(n => new HeaderChange(HeaderAction.Remove, n, null)),
            .. (said.Find(PolicyKeys.Set) ?? []).Select(n => new HeaderChange(HeaderAction.Set, n.Key.Key, n.Value)),
            .. (said.Find(PolicyKeys.Append) ?? [])
                .Select(n => new HeaderChange(HeaderAction.Append, n.Key.Key, n.Value)),
        ];

    private static IReadOnlyList<QueryChange> QueryOf(Bound said) =>
    [
        .. (said.Find(PolicyKeys.RemoveQuery) ?? []).Select(n => new QueryChange(HeaderAction.Remove, n, null)),
        .. (said.Find(PolicyKeys.SetQuery) ?? []).Select(n => new QueryChange(HeaderAction.Set, n.Key.Key, n.Value)),
        .. (said.Find(PolicyKeys.AppendQuery) ?? [])
            .Select(n => new QueryChange(HeaderAction.Append, n.Key.Key, n.Value)),
    ];

    private static Compression CompressionOf(Bound said)
    {
        var compression = new Compression();
        return compression with
        {
            BytesMin = said.Value(PolicyKeys.CompressionMin) ?? compression.BytesMin,
            Types = said.Find(PolicyKeys.CompressionTypes) ?? compression.Types,
        };
    }

    // First of all: what the route sets in its place stays.
    private static Transforms WithoutToken(Bound? auth, Transforms transforms) =>
        auth?.Value(PolicyKeys.KeepToken) == false
            ? transforms with
            {
                Request = [new HeaderChange(HeaderAction.Remove, "Authorization", null), .. transforms.Request],
            }
            : transforms;

    private static RouteAuth AuthOf(Bound said, IReadOnlyDictionary<string, TrustedIssuer> issuers) => new()
    {
        Issuer = said.Find(PolicyKeys.AuthIssuer) is { } issuer ? issuers[issuer] : null,
        Roles = said.Find(PolicyKeys.Roles) ?? [],
        Scopes = said.Find(PolicyKeys.Scopes) ?? [],
    };

    private static RouteLimits LimitsOf(Bound said) => new()
    {
        PerAddress = RateOf(said.Find(PolicyKeys.PerAddress)),
        PerUser = RateOf(said.Find(PolicyKeys.PerUser)),
        Total = RateOf(said.Find(PolicyKeys.Total)),
        Concurrent = said.Value(PolicyKeys.Concurrent),
    };

    private static RateLimit? RateOf(Bound? said) => said is null
        ? null
        : new RateLimit(said.Value(PolicyKeys.Requests)!.Value, said.Value(PolicyKeys.Per)!.Value);

    private static Cors CorsOf(Bound said)
    {
        var cors = new Cors { Origins = said.Find(PolicyKeys.Origins)! };
        return cors with
        {
            Methods = said.Find(PolicyKeys.CorsMethods) ?? cors.Methods,
            Headers = said.Find(PolicyKeys.CorsHeaders) ?? cors.Headers,
            Exposed = said.Find(PolicyKeys.Exposed) ?? cors.Exposed,
            Credentials = said.Value(PolicyKeys.Credentials) ?? cors.Credentials,
            MaxAge = said.Value(PolicyKeys.MaxAge) ?? cors.MaxAge,
        };
    }

    private static ResponseCache CacheOf(Bound said)
    {
        var cache = new ResponseCache();
        return cache with
        {
            Ttl = said.Value(PolicyKeys.Ttl) ?? cache.Ttl,
            StaleIfError = said.Value(PolicyKeys.StaleIfError) ?? cache.StaleIfError,
            BodyBytesMax = said.Value(PolicyKeys.CacheBody) ?? cache.BodyBytesMax,
            KeyHeader = said.Find(PolicyKeys.CacheKey),
        };
    }
}

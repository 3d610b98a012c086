using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Services;

/// <summary>A route in force.</summary>
/// <param name="Place">In the order in which routes are preferred, from 1.</param>
internal sealed record RouteView(
    int Place,
    string Id,
    IReadOnlyList<string> Hosts,
    string Path,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Conditions,
    int Priority,
    string Cluster,
    RoutePoliciesView Policies)
{
    public static RouteView Of(Route route, int index) => new(
        index + 1,
        route.Id,
        [.. route.Match.Hosts.Select(host => host.Text)],
        route.Match.Path.Text,
        route.Match.Methods,
        [
            .. route.Match.Headers.Select(one => $"header {one.Name}{(one.Value is null ? "" : $" = {one.Value}")}"),
            .. route.Match.Query.Select(one => $"query {one.Name}{(one.Value is null ? "" : $" = {one.Value}")}"),
        ],
        route.Priority,
        route.Cluster.Id,
        RoutePoliciesView.Of(route));
}

/// <summary>What a request of the route meets. Values of headers are not shown.</summary>
internal sealed record RoutePoliciesView(
    int DeadlineMs,
    int? PerTryMs,
    int Attempts,
    IReadOnlyList<int>? RetryOn,
    string? Fallback,
    long? BodyBytesMax,
    string? RewritePath,
    IReadOnlyList<string> RequestHeaders,
    IReadOnlyList<string> ResponseHeaders,
    RouteAuthView? Auth,
    RouteLimitsView? Limits,
    IReadOnlyList<string>? CorsOrigins)
{
    public static RoutePoliciesView Of(Route route) => new(
        (int)route.Deadline.TotalMilliseconds,
        (int?)route.PerTry?.TotalMilliseconds,
        route.Retry?.Attempts ?? 1,
        route.Retry?.Statuses,
        route.Fallback is { } fallback ? fallback.Cluster?.Id ?? $"answer {fallback.Answer!.Status}" : null,
        route.BodyBytesMax,
        route.Transforms.Path,
        Changes(route.Transforms.Request),
        Changes(route.Transforms.Response),
        route.Auth is { } auth
            ? new RouteAuthView(auth.Issuer?.Id ?? TrustedIssuer.OwnId, auth.Roles, auth.Scopes)
            : null,
        route.Limits == RouteLimits.None ? null : RouteLimitsView.Of(route.Limits),
        route.Cors?.Origins);

    private static IReadOnlyList<string> Changes(IReadOnlyList<HeaderChange> changes) =>
        [.. changes.Select(change => $"{change.Action.ToString().ToLowerInvariant()} {change.Name}")];
}

/// <summary>Who may pass.</summary>
/// <param name="Issuer">Whose tokens, by id.</param>
internal sealed record RouteAuthView(string Issuer, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes);

/// <summary>How much at most.</summary>
/// <param name="PerAddress">As requests in seconds: <c>100/60s</c>.</param>
internal sealed record RouteLimitsView(string? PerAddress, string? PerUser, string? Total, int? Concurrent)
{
    public static RouteLimitsView Of(RouteLimits limits) =>
        new(Text(limits.PerAddress), Text(limits.PerUser), Text(limits.Total), limits.Concurrent);

    private static string? Text(RateLimit? rate) => rate is null
        ? null
        : string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{rate.Requests}/{rate.Per.TotalSeconds}s");
}

/// <summary>A cluster in force.</summary>
/// <param name="Routes">That lead to it.</param>
internal sealed record ClusterView(
    string Id, string Balancing, bool Http2, int ConnectTimeoutMs, int Destinations, IReadOnlyList<string> Routes);

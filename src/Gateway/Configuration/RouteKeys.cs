using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What is said of a route.</summary>
internal static class RouteKeys
{
    public static readonly Key<IReadOnlyList<HostPattern>> Hosts =
        new("hosts", new ListKind<HostPattern>(Kinds.Host(), 1, 100),
            "Names without port; `*.example.org` is every name below it.")
        {
            Otherwise = "any host",
        };

    public static readonly Key<PathPattern> Path =
        new("path", Kinds.Path(),
            "`{name}` takes one segment, `{**rest}` last takes all that follows. It is compared with the path as it " +
            "reads, with regard to case.")
        {
            IsRequired = true,
            Example = "/orders/{**rest}",
        };

    public static readonly Key<IReadOnlyList<string>> Methods =
        new("methods", new ListKind<string>(Kinds.Method(), 1, 20), "In capitals; `GET` takes `HEAD` with it.")
        {
            Otherwise = "any method",
        };

    public static readonly Key<IReadOnlyList<Named<string>>> Headers =
        new("headers", Maps.ByHeader(Kinds.HeaderValue()),
            "Each must be there with this value; `*` stands for any value.");

    public static readonly Key<IReadOnlyList<Named<string>>> Query =
        new("query", new MapKind<string>(
            "parameter", Rules.BadText, name => name.Length is > 0 and <= 100, Kinds.Text("text", 1_000), 20),
            "The same of parameters of the query.");

    public static readonly Key<Bound> Match =
        new("match", new ObjectKind("match", "All of it must hold.", Hosts, Path, Methods, Headers, Query),
            "Which requests it takes.")
        {
            IsRequired = true,
            Example = "{ path: /orders/{**rest} }",
        };

    public static readonly Key<int> Priority =
        new("priority", Kinds.Whole(-1_000, 1_000),
            "Of several routes that match, the highest is taken; of equals the one that says more: host, then path " +
            "from the left, then methods, headers and query.")
        {
            Otherwise = "0",
        };

    public static readonly Key<string> Cluster =
        new("cluster", Kinds.Text("id of a cluster", 64), "Where its requests go.")
        {
            IsRequired = true,
            Example = "orders",
        };

    public static readonly Key<TimeSpan> Deadline =
        new("deadline", Kinds.Duration("1ms", "1h"),
            "For the whole request, tries and waits included, until its answer begins.")
        {
            Otherwise = "30s",
        };

    public static readonly Key<TimeSpan> PerTry =
        new("perTry", Kinds.Duration("1ms", "1h"), "For one try.") { Otherwise = "what is left of the deadline" };

    public static readonly Key<TimeSpan> AnswerIdle =
        new("answerIdle", Kinds.Duration("1ms", "24h"),
            "Between two pieces of an answer's body, before it is given up.")
        {
            Otherwise = "2m; events and gRPC may rest for ever",
        };

    public static readonly Key<long> BodyMax =
        new("bodyMax", Kinds.Size("0B", "100GiB"), "Bytes that a request's body may have.")
        {
            Otherwise = "the limit of the process",
        };

    public static readonly ObjectKind Route = new(
        "route", "Which requests go to which cluster, and how.",
        Match, Priority, Cluster, Deadline, PerTry, AnswerIdle, BodyMax,
        PolicyKeys.Retry, FallbackKeys.Fallback, PolicyKeys.Transform, PolicyKeys.Auth, PolicyKeys.Limits,
        PolicyKeys.Cors, PolicyKeys.Cache, PolicyKeys.Compression, PolicyKeys.SecurityHeaders);
}

using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What is said of a cluster.</summary>
internal static class ClusterKeys
{
    public static readonly Key<Uri> Address =
        new("address", AddressKinds.Address(), "Scheme, host and port; a path is put before the path of each request.")
        {
            IsRequired = true,
            Example = "http://orders:8080",
        };

    public static readonly Key<int> Weight =
        new("weight", Kinds.Whole(0, 1_000), "Its share of new requests, against the others'; 0 sends it none.")
        {
            Otherwise = "1",
        };

    public static readonly Key<IReadOnlyList<Named<Bound>>> Destinations =
        new("destinations", Maps.ById(new ObjectKind("destination", "One server.", Address, Weight), 500),
            "Its servers, by id. Needed without `registry`.");

    public static readonly Key<string> RegistryCluster =
        new("cluster", Kinds.Text("id of a cluster", 64), "The name they register under.")
        {
            Otherwise = "the id of this cluster",
        };

    public static readonly Key<IReadOnlyList<string>> RegistryTags =
        new("tags", new ListKind<string>(Kinds.Text("tag", 64, Destination.IsTagCharacter), 1, 16),
            "Taken in is who has them all.")
        {
            Otherwise = "whatever they have",
        };

    public static readonly Key<Bound> Registry =
        new("registry", new TrueOrKind(new ObjectKind("registry", "Servers that register themselves.",
            RegistryCluster, RegistryTags)),
            "Servers that register themselves are taken in, beside those of the file; of two with one id the file's.")
        {
            Otherwise = "none are",
        };

    public static readonly Key<BalancingPolicy> Policy =
        new("policy", Kinds.Choice(
            ("power-of-two", BalancingPolicy.PowerOfTwo),
            ("least-requests", BalancingPolicy.LeastRequests),
            ("round-robin", BalancingPolicy.RoundRobin),
            ("random", BalancingPolicy.Random),
            ("hash", BalancingPolicy.Hash),
            ("cookie", BalancingPolicy.Cookie)),
            "How one is chosen. `hash`: the same value, the same destination, while it is there. `cookie`: where a " +
            "client was before.")
        {
            Otherwise = "power-of-two",
        };

    public static readonly Key<string> HashHeader =
        new("header", Kinds.HeaderName(), "For `hash`: whose value decides.");

    public static readonly Key<string> HashParameter =
        new("parameter", Kinds.Text("name of a parameter", 32, c => char.IsAsciiLetterOrDigit(c) || c == '_'),
            "For `hash`: the `{name}` of the route's path whose value decides.");

    public static readonly Key<string> CookieName =
        new("cookie", Kinds.Text("name of a cookie", 64, Kinds.IsToken), "For `cookie`: its name.");

    public static readonly Key<Bound> Balancing =
        new("balancing", new ObjectKind("balancing", "How one destination is chosen.",
            Policy, HashHeader, HashParameter, CookieName), "How one is chosen.");

    public static readonly Key<bool> Http2 =
        new("http2", Kinds.Flag(), "HTTP/2 without TLS, for gRPC; with TLS the protocol is agreed on.")
        {
            Otherwise = "false",
        };

    public static readonly Key<TimeSpan> ConnectTimeout =
        new("connectTimeout", Kinds.Duration("1ms", "1m"), "Until a connection is there.") { Otherwise = "2s" };

    public static readonly Key<string> HealthPath =
        new("path", Kinds.Text("path", 1_000, c => c is > ' ' and <= '~' and not '#'),
            "What is asked for, below its address; 200 to 299 is good.")
        {
            Otherwise = "/health",
        };

    public static readonly Key<TimeSpan> Interval =
        new("interval", Kinds.Duration("100ms", "1h"), "Between two.") { Otherwise = "5s" };

    public static readonly Key<TimeSpan> HealthTimeout =
        new("timeout", Kinds.Duration("1ms", "1m"), "For one.") { Otherwise = "2s" };

    public static readonly Key<int> Up =
        new("up", Kinds.Whole(1, 100), "Good ones in a row that bring a destination back.") { Otherwise = "2" };

    public static readonly Key<int> Down =
        new("down", Kinds.Whole(1, 100), "Bad ones in a row that take it out.") { Otherwise = "3" };

    public static readonly Key<Bound> Active =
        new("active", new ObjectKind("active", "Each destination is asked.",
            HealthPath, Interval, HealthTimeout, Up, Down), "Asking each.");

    public static readonly Key<int> PassiveFailures =
        new("failures", Kinds.Whole(1, 1_000), "5xx, resets and timeouts in a row that take it out.")
        {
            Otherwise = "5",
        };

    public static readonly Key<TimeSpan> Ejection =
        new("ejection", Kinds.Duration("1s", "1h"),
            "For how long; each time so much longer, ten times as long at most.")
        {
            Otherwise = "30s",
        };

    public static readonly Key<int> EjectedMax =
        new("ejectedPercentMax", Kinds.Whole(1, 100),
            "Of the destinations, rounded down, how many may be out for whatever reason when one is ejected.")
        {
            Otherwise = "50",
        };

    public static readonly Key<Bound> Passive =
        new("passive", new ObjectKind("passive", "Requests are watched.", PassiveFailures, Ejection, EjectedMax),
            "Watching requests.");

    public static readonly Key<Bound> Health =
        new("health", new ObjectKind("health", "Who is left out.", Active, Passive), "Who is left out.");

    public static readonly Key<int> BreakerFailures =
        new("failures", Kinds.Whole(1, 1_000), "In a row that open it: no answer, 502, 503 and 504.")
        {
            Otherwise = "10",
        };

    public static readonly Key<TimeSpan> Open =
        new("open", Kinds.Duration("100ms", "1h"), "For how long.") { Otherwise = "10s" };

    public static readonly Key<int> Trials =
        new("trials", Kinds.Whole(1, 100), "Requests let through then; when all of them went well it closes.")
        {
            Otherwise = "1",
        };

    public static readonly Key<Bound> Breaker =
        new("breaker", new ObjectKind("breaker", "Of each destination.", BreakerFailures, Open, Trials),
            "Stops asking what fails.");

    public static readonly Key<int> BulkheadRequests =
        new("requests", Kinds.Whole(1, 100_000), "At once.") { IsRequired = true, Example = "100" };

    public static readonly Key<int> BulkheadQueue =
        new("queue", Kinds.Whole(0, 100_000), "That may wait for a place, within their deadline.") { Otherwise = "0" };

    public static readonly Key<Bound> Bulkhead =
        new("bulkhead", new ObjectKind("bulkhead", "Of each destination.", BulkheadRequests, BulkheadQueue),
            "How many at once.");

    public static readonly ObjectKind Cluster = new(
        "cluster", "Servers that answer the same.",
        Destinations, Registry, Balancing, Http2, ConnectTimeout, Health, Breaker, Bulkhead);
}

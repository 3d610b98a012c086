namespace Gatehouse.Gateway.Configuration;

/// <summary>What a route may ask for beside forwarding.</summary>
internal static class PolicyKeys
{
    public static readonly Key<int> Attempts =
        new("attempts", Kinds.Whole(2, 10), "Tries in all, the first included.") { Otherwise = "2" };

    public static readonly Key<IReadOnlyList<string>> RetryMethods =
        new("methods", new ListKind<string>(Kinds.Method(), 1, 20),
            "Those repeated after something was sent; idempotent ones only. Any method is repeated when nothing was " +
            "sent, or as `keyed` says.")
        {
            Otherwise = "GET, HEAD, OPTIONS, PUT, DELETE",
        };

    public static readonly Key<bool> Keyed =
        new("keyed", Kinds.Flag(),
            "Any method is repeated when the request has an `Idempotency-Key`: only for servers that do once what " +
            "comes twice with one key.")
        {
            Otherwise = "false",
        };

    public static readonly Key<IReadOnlyList<int>> On =
        new("on", new ListKind<int>(Kinds.Status(429, 500, 502, 503, 504), 1, 5), "Answers worth another try.")
        {
            Otherwise = "502, 503, 504",
        };

    public static readonly Key<TimeSpan> Backoff =
        new("backoff", Kinds.Duration("0ms", "1m"),
            "The longest first wait: each is drawn from 0 to it, and it doubles.")
        {
            Otherwise = "50ms",
        };

    public static readonly Key<TimeSpan> BackoffMax =
        new("backoffMax", Kinds.Duration("0ms", "5m"), "What it doubles up to.") { Otherwise = "1s" };

    public static readonly Key<long> RetryBody =
        new("bodyMax", Kinds.Size("0B", "16MiB"), "A longer body is not kept, and so not sent again.")
        {
            Otherwise = "64KiB",
        };

    public static readonly Key<Bound> Retry =
        new("retry", new ObjectKind("retry", "Trying again on another destination.",
            Attempts, RetryMethods, Keyed, On, Backoff, BackoffMax, RetryBody), "Trying again.")
        {
            Otherwise = "one try",
        };

    public static readonly Key<string> RewritePath =
        new("path", Kinds.Text("path", 1_024, c => c is > ' ' and not ('?' or '#')),
            "The path that the destination sees, with `{name}` of the route's path in it.")
        {
            Otherwise = "as it came",
        };

    public static readonly Key<bool> KeepHost =
        new("keepHost", Kinds.Flag(), "The destination sees the host that the client asked for.")
        {
            Otherwise = "false",
        };

    public static readonly Key<IReadOnlyList<Named<string>>> Set =
        new("set", Maps.ByHeader(Kinds.HeaderValue()), "In place of what came, if anything did.");

    public static readonly Key<IReadOnlyList<Named<string>>> Append =
        new("append", Maps.ByHeader(Kinds.HeaderValue()), "Beside what came.");

    public static readonly Key<IReadOnlyList<string>> Remove =
        new("remove", new ListKind<string>(Kinds.HeaderName(), 1, 50), "Names of headers.");

    private static readonly ObjectKind Changes =
        new("headers", "Changes of headers; first those that go, then those that are set, then those beside.",
            Set, Append, Remove);

    public static readonly Key<string> SendMethod =
        new("method", Kinds.Method(), "The method that the destination sees; not `HEAD`.") { Otherwise = "as it came" };

    public static readonly Key<IReadOnlyList<Named<string>>> SetQuery =
        new("set", Parameters(), "In place of what came, if anything did.");

    public static readonly Key<IReadOnlyList<Named<string>>> AppendQuery =
        new("append", Parameters(), "Beside what came.");

    public static readonly Key<IReadOnlyList<string>> RemoveQuery =
        new("remove", new ListKind<string>(ParameterName(), 1, 50), "Names of parameters.");

    public static readonly Key<Bound> Query =
        new("query", new ObjectKind("query",
            "Changes of the query; values may have `{name}` of the route's path in them. What is not named stays as " +
            "it came, byte for byte.", SetQuery, AppendQuery, RemoveQuery), "Of the address.");

    public static readonly Key<Bound> RequestHeaders = new("request", Changes, "On the way there.");

    public static readonly Key<Bound> ResponseHeaders = new("response", Changes, "On the way back.");

    public static readonly Key<Bound> Transform =
        new("transform", new ObjectKind("transform", "What is changed.",
            RewritePath, Query, SendMethod, KeepHost, RequestHeaders, ResponseHeaders), "What is changed on the way.");

    public static readonly Key<IReadOnlyList<string>> Roles =
        new("roles", new ListKind<string>(Kinds.Text("role", 64, Kinds.IsToken), 1, 20), "One of them is enough.")
        {
            Otherwise = "any role",
        };

    public static readonly Key<IReadOnlyList<string>> Scopes =
        new("scopes", new ListKind<string>(Kinds.Text(
            // RFC 6750, section 3.
            "scope", 100, c => c is > ' ' and <= '~' and not ('"' or '\\')), 1, 20), "All of them.")
        {
            Otherwise = "none",
        };

    public static readonly Key<string> AuthIssuer =
        new("issuer", Kinds.Text("id of an issuer", 64), "Whose tokens: one of `issuers`.")
        {
            Otherwise = "Gatehouse's own; their scopes are the permissions of the role",
        };

    public static readonly Key<bool> KeepToken =
        new("keepToken", Kinds.Flag(), "The destination gets the token too.") { Otherwise = "true" };

    public static readonly Key<Bound> Auth =
        new("auth", new ObjectKind("auth", "An empty one, `{}`, asks for any account.",
            AuthIssuer, Roles, Scopes, KeepToken), "Who may pass.")
        {
            Otherwise = "anybody",
        };

    public static readonly Key<int> Requests =
        new("requests", Kinds.Whole(1, 1_000_000), "So many.") { IsRequired = true, Example = "100" };

    public static readonly Key<TimeSpan> Per =
        new("per", Kinds.Duration("1s", "1h"), "In so long.") { IsRequired = true, Example = "1m" };

    private static readonly ObjectKind Rate = new("rate", "A rate.", Requests, Per);

    public static readonly Key<Bound> PerAddress = new("perAddress", Rate, "Of one address (IPv6: one /64).");

    public static readonly Key<Bound> PerUser = new("perUser", Rate, "Of one account; the route must ask for one.");

    public static readonly Key<Bound> Total = new("total", Rate, "Of all together.");

    public static readonly Key<int> Concurrent =
        new("concurrent", Kinds.Whole(1, 1_000_000), "Requests under way at once.");

    public static readonly Key<Bound> Limits =
        new("limits", new ObjectKind("limits", "How much at most.", PerAddress, PerUser, Total, Concurrent),
            "How much at most; 429 beyond it, 503 beyond `concurrent`.");

    public static readonly Key<IReadOnlyList<string>> Origins =
        new("origins", new ListKind<string>(AddressKinds.Origin(), 1, 100), "`\"*\"` alone, or origins by name.")
        {
            IsRequired = true,
            Example = "[https://example.org]",
        };

    public static readonly Key<IReadOnlyList<string>> CorsMethods =
        new("methods", new ListKind<string>(Kinds.Method(), 1, 20), "What pages may send.")
        {
            Otherwise = "GET, HEAD, POST",
        };

    public static readonly Key<IReadOnlyList<string>> CorsHeaders =
        new("headers", new ListKind<string>(Kinds.HeaderName(), 1, 50), "What pages may send with it.");

    public static readonly Key<IReadOnlyList<string>> Exposed =
        new("exposed", new ListKind<string>(Kinds.HeaderName(), 1, 50), "Headers of the answer that pages may read.");

    public static readonly Key<bool> Credentials =
        new("credentials", Kinds.Flag(), "Cookies and the like may be sent; not with `\"*\"`.")
        {
            Otherwise = "false",
        };

    public static readonly Key<TimeSpan> MaxAge =
        new("maxAge", Kinds.Duration("0s", "24h"), "How long browsers may remember the permission.")
        {
            Otherwise = "10m",
        };

    public static readonly Key<Bound> Cors =
        new("cors", new ObjectKind("cors", "Pages of other origins that may ask.",
            Origins, CorsMethods, CorsHeaders, Exposed, Credentials, MaxAge), "Which pages of other origins may ask.")
        {
            Otherwise = "none",
        };

    public static readonly Key<TimeSpan> Ttl =
        new("ttl", Kinds.Duration("0s", "24h"), "How long an answer is kept whose origin does not say.")
        {
            Otherwise = "0s",
        };

    public static readonly Key<TimeSpan> StaleIfError =
        new("staleIfError", Kinds.Duration("0s", "24h"),
            "How long past its time an answer is given where the destinations fail, unless the origin forbids it.")
        {
            Otherwise = "0s",
        };

    public static readonly Key<long> CacheBody =
        new("bodyMax", Kinds.Size("1B", "64MiB"), "Longer answers are not kept.") { Otherwise = "1MiB" };

    public static readonly Key<string> CacheKey =
        new("keyHeader", Kinds.HeaderName(),
            "The header that tells one person's answers from another's, where the route asks for an account.");

    public static readonly Key<Bound> Cache =
        new("cache", new ObjectKind("cache", "Answers to GET that are kept and given again.", Ttl, StaleIfError,
            CacheBody, CacheKey), "Answers that are kept.")
        {
            Otherwise = "none",
        };

    public static readonly Key<long> CompressionMin =
        new("sizeMin", Kinds.Size("0B", "1MiB"), "Shorter answers are sent as they are.") { Otherwise = "1KiB" };

    public static readonly Key<IReadOnlyList<string>> CompressionTypes =
        new("types", new ListKind<string>(Kinds.Text(
            "media type", 100, c => char.IsAsciiLetterOrDigit(c) || "/-+.*_".Contains(c, StringComparison.Ordinal)),
            1, 50), "Media types beside the usual ones, such as `text/*`.")
        {
            Otherwise = "texts, JSON, XML, JavaScript, SVG, WebAssembly",
        };

    public static readonly Key<Bound> Compression =
        new("compression", new ObjectKind("compression", "Answers in brotli or gzip, to clients that take it.",
            CompressionMin, CompressionTypes), "Answers that are made smaller on the way back.")
        {
            Otherwise = "as they come",
        };

    public static readonly Key<bool> SecurityHeaders =
        new("securityHeaders", Kinds.Flag(),
            "Answers get `X-Content-Type-Options`, `Referrer-Policy`, `X-Frame-Options`, and over HTTPS " +
            "`Strict-Transport-Security`, each where the destination did not set its own.")
        {
            Otherwise = "false",
        };

    private static MapKind<string> Parameters() => new(
        "parameter", Rules.BadText, IsParameterName, Kinds.Text("text", 1_000), 50);

    private static Kind<string> ParameterName() => Kinds.Text("parameter", 100, c => !char.IsControl(c));

    private static bool IsParameterName(string name) => name.Length is > 0 and <= 100 && !name.Any(char.IsControl);
}

namespace Gatehouse.Gateway.Configuration;

/// <param name="Id">Stable: scripts and people look for it.</param>
/// <param name="Layer">When it is looked at; a file that fails at one is still asked all it can be of the next.</param>
/// <param name="About">For the page of rules.</param>
internal sealed record Rule(string Id, RuleLayer Layer, string About);

internal enum RuleLayer
{
    Syntax,
    Types,
    References,
    Semantics,
}

/// <summary>Everything that can be wrong with a file.</summary>
internal static class Rules
{
    // First: the rules below put themselves into it.
    private static readonly List<Rule> Listed = [];

    public static readonly Rule FileUnreadable = Syntax("file-unreadable", "The file is not there or cannot be read.");
    public static readonly Rule FileTooLarge = Syntax("file-too-large", "The file has more than 4 MiB.");
    public static readonly Rule FileEmpty = Syntax("file-empty", "There is nothing in the file.");
    public static readonly Rule NotUtf8 = Syntax("not-utf8", "The file is not UTF-8.");
    public static readonly Rule ControlCharacter =
        Syntax("control-character", "NUL or another control character stands in the file.");
    public static readonly Rule TabIndent = Syntax("tab-indent", "A line of YAML is indented by a tab.");
    public static readonly Rule BadSyntax = Syntax("syntax", "This is no YAML.");
    public static readonly Rule TooDeep = Syntax("too-deep", "More than 16 levels in each other.");
    public static readonly Rule TooManyNodes = Syntax("too-many-nodes", "More than 400,000 keys and values.");
    public static readonly Rule Alias =
        Syntax("alias", "An anchor `&`, an alias `*` or a merge `<<`: each thing is written where it holds.");
    public static readonly Rule Tag = Syntax("tag", "A tag such as `!!binary`.");
    public static readonly Rule KeyNotText = Syntax("key-not-text", "A key is no text.");
    public static readonly Rule MoreDocuments = Syntax("more-documents", "A second document after `---`.");
    public static readonly Rule DuplicateKey =
        Syntax("duplicate-key", "A key occurs twice in one place; so an id is given twice.");

    public static readonly Rule WrongType = Types("wrong-type", "Text where a list is wanted, and the like.");
    public static readonly Rule OutOfRange = Types("out-of-range", "A number, time, size or count outside its bounds.");
    public static readonly Rule NotAChoice = Types("not-a-choice", "None of the words that are offered.");
    public static readonly Rule BadDuration = Types("bad-duration", "No duration such as `250ms`, `5s`, `2m`, `1h`.");
    public static readonly Rule BadSize = Types("bad-size", "No size such as `512B`, `64KiB`, `1MiB`, `2GiB`.");
    public static readonly Rule BadHost = Types("bad-host", "No host such as `api.example.org` or `*.example.org`.");
    public static readonly Rule BadPath = Types("bad-path", "No path pattern such as `/orders/{id}/{**rest}`.");
    public static readonly Rule BadMethod = Types("bad-method", "No method such as `GET`.");
    public static readonly Rule BadHeaderName = Types("bad-header-name", "No name of a header.");
    public static readonly Rule BadAddress =
        Types("bad-address", "No address such as `http://orders:8080`, without query and fragment.");
    public static readonly Rule BadOrigin = Types("bad-origin", "No origin such as `https://example.org`.");
    public static readonly Rule BadId = Types("bad-id", "No id: 1 to 64 letters, digits, `-`, `_` and `.`.");
    public static readonly Rule BadText = Types("bad-text", "A text that cannot be what is wanted here.");
    public static readonly Rule EmptyValue = Types("empty-value", "A key with nothing behind it.");
    public static readonly Rule MissingKey = Types("missing-key", "A key that must be there is not.");
    public static readonly Rule UnknownKey = Types("unknown-key", "A key that nothing reads.");
    public static readonly Rule DuplicateItem = Types("duplicate-item", "A list holds the same twice.");
    public static readonly Rule BadPlaceholder =
        Types("bad-placeholder", "A `${…}` that is neither `${env:NAME}` nor `${file:path}`, or not allowed here.");
    public static readonly Rule UnsetPlaceholder =
        Types("unset-placeholder", "A variable that is not set, or a file that cannot be read.");

    public static readonly Rule UnknownCluster =
        References("unknown-cluster", "A route names a cluster that is not there.");
    public static readonly Rule UnknownIssuer =
        References("unknown-issuer", "A route names an issuer that is not there.");
    public static readonly Rule UnknownParameter =
        References("unknown-parameter", "A `{name}` that the path of the route does not have.");

    public static readonly Rule NoDestinations = Semantics("no-destinations", "A cluster without destinations.");
    public static readonly Rule WeightsAllZero =
        Semantics("weights-all-zero", "No destination of a cluster has weight.");
    public static readonly Rule DuplicateAddress =
        Semantics("duplicate-address", "Two destinations of a cluster have one address.");
    public static readonly Rule BalancingIncomplete =
        Semantics("balancing-incomplete", "A way of balancing lacks what it goes by.");
    public static readonly Rule BalancingUnused =
        Semantics("balancing-unused", "What another way of balancing would go by.");
    public static readonly Rule HealthTimeout =
        Semantics("health-timeout", "A health check may take longer than the time between two.");
    public static readonly Rule DuplicateRoute =
        Semantics("duplicate-route", "Two routes of one priority take the same requests.");
    public static readonly Rule UnreachableRoute =
        Semantics("unreachable-route", "Another route takes all requests of this one.");
    public static readonly Rule PathReserved =
        Semantics(
            "path-reserved",
            "A path that the gateway itself answers: `/health`, `/metrics`, `/openapi`, `/docs`, `/gateway` " +
            "and below.");
    public static readonly Rule RetryNotIdempotent =
        Semantics("retry-not-idempotent", "A method is to be repeated that may do something twice.");
    public static readonly Rule RetryOverDeadline =
        Semantics("retry-over-deadline", "Attempts times the time of one are more than the deadline.");
    public static readonly Rule TryOverDeadline =
        Semantics("try-over-deadline", "One try may take longer than the deadline.");
    public static readonly Rule BackoffOrder = Semantics("backoff-order", "The first wait is longer than the longest.");
    public static readonly Rule RetryBody =
        Semantics("retry-body", "More of a body would be kept for a retry than is taken at all.");
    public static readonly Rule FallbackIncomplete =
        Semantics("fallback-incomplete", "A fallback is either a cluster or an answer.");
    public static readonly Rule FallbackItself =
        Semantics("fallback-itself", "A fallback is the cluster that it stands in for.");
    public static readonly Rule FallbackBody =
        Semantics("fallback-body", "A body of an answer whose status has none.");
    public static readonly Rule CorsCredentials =
        Semantics("cors-credentials", "Credentials are allowed to every origin.");
    public static readonly Rule CorsOrigins = Semantics("cors-origins", "`*` beside origins by name.");
    public static readonly Rule SecretInline =
        Semantics("secret-inline", "A secret stands in the file instead of `${env:…}` or `${file:…}`.");
    public static readonly Rule HeaderReserved =
        Semantics("header-reserved", "A header that belongs to the connection or to the gateway.");
    public static readonly Rule KeepHostUnnamed =
        Semantics("keep-host-unnamed", "`keepHost` over TLS on a route that does not name its hosts.");
    public static readonly Rule LimitOverlap =
        Semantics("limit-overlap", "A limit that another one always reaches first.");
    public static readonly Rule LimitNeedsUser =
        Semantics("limit-needs-user", "A limit for each user on a route that asks nobody to sign in.");
    public static readonly Rule AuthNobody =
        Semantics("auth-nobody", "A role or scope that no token of Gatehouse has.");
    public static readonly Rule IdentityUnknown =
        Semantics("identity-unknown", "Tokens of Gatehouse are asked for by a process that cannot check any.");
    public static readonly Rule IssuerInsecure =
        Semantics("issuer-insecure", "Keys of an issuer would be fetched without TLS.");
    public static readonly Rule CacheNeedsKey =
        Semantics("cache-needs-key", "Answers to people who sign in would be given to others.");
    public static readonly Rule CacheMethod =
        Semantics("cache-method", "A cache on a route that takes or sends no GET.");
    public static readonly Rule CertificateUnusable =
        Semantics("certificate-unusable", "A certificate or its key cannot be read, or do not belong together.");
    public static readonly Rule CertificateNotValidNow = Semantics(
        "certificate-not-valid-now",
        "A certificate has expired or is not valid yet. Told by the commands; it keeps no file out of force.");
    public static readonly Rule CertificateHost =
        Semantics("certificate-host", "A host that its certificate does not name.");
    public static readonly Rule CertificateOverlap =
        Semantics("certificate-overlap", "Two certificates for one host, or two by default.");

    /// <summary>In the order they are looked at.</summary>
    public static IReadOnlyList<Rule> All => Listed;

    private static Rule Syntax(string id, string about) => Add(id, RuleLayer.Syntax, about);

    private static Rule Types(string id, string about) => Add(id, RuleLayer.Types, about);

    private static Rule References(string id, string about) => Add(id, RuleLayer.References, about);

    private static Rule Semantics(string id, string about) => Add(id, RuleLayer.Semantics, about);

    private static Rule Add(string id, RuleLayer layer, string about)
    {
        var rule = new Rule(id, layer, about);
        Listed.Add(rule);
        return rule;
    }
}

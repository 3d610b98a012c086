using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Http;

/// <summary>The web server and its bounds.</summary>
[Section("Http")]
public sealed class HttpOptions : IValidatedOptions
{
    [Setting("Address to listen on.")]
    public string Url { get; set; } = "http://localhost:8080";

    [Setting(
        "Address to listen on with TLS as well, such as https://*:8443; the certificates are in the gateway's file. " +
        "Empty: no TLS here.")]
    public string HttpsUrl { get; set; } = "";

    [Setting("Bytes of a request body at most.", Min = 1024, Max = 104_857_600)]
    public int BodyBytesMax { get; set; } = 1_048_576;

    [Setting("Bytes of all request headers together at most.", Min = 1024, Max = 1_048_576)]
    public int HeaderBytesMax { get; set; } = 32_768;

    [Setting("Connections at once at most; further ones are closed.", Min = 1, Max = 1_000_000)]
    public int ConnectionsMax { get; set; } = 10_000;

    [Setting("Seconds for the request headers to arrive, and for a TLS handshake.", Min = 1, Max = 300)]
    public int HeaderSeconds { get; set; } = 10;

    [Setting("Bytes a second that a body must bring, and a client must read an answer with, after 5 s of grace.",
        Min = 1, Max = 1_000_000)]
    public int BytesPerSecondMin { get; set; } = 240;

    [Setting("Seconds an idle connection is kept.", Min = 1, Max = 3600)]
    public int KeepAliveSeconds { get; set; } = 75;

    [Setting("Seconds a request may take before it is cancelled, down to the database, and answered 504.",
        Min = 1, Max = 600)]
    public int DeadlineSeconds { get; set; } = 10;

    [Setting("Seconds from `/health/ready` turning 503 to the end of accepting connections, so that balancers notice.",
        Min = 0, Max = 300)]
    public int DrainSeconds { get; set; } = 1;

    [Setting("Seconds requests in flight have to finish at shutdown.", Min = 0, Max = 300)]
    public int ShutdownSeconds { get; set; } = 20;

    [Setting(
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, networks such as 10.0.0.0/8.")]
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (!IsAddress(Url, Uri.UriSchemeHttp))
        {
            yield return (nameof(Url), "must be an address such as http://localhost:8080; for TLS there is HttpsUrl");
        }

        if (HttpsUrl.Length > 0 && !IsAddress(HttpsUrl, Uri.UriSchemeHttps))
        {
            yield return (nameof(HttpsUrl), "must be an address such as https://*:8443");
        }

        foreach (var proxy in TrustedProxies.Where(p => !ProxyTrust.TryParse(p, out _)))
        {
            yield return (
                nameof(TrustedProxies), $"'{proxy}' is neither an IP address nor a network such as 10.0.0.0/8");
        }
    }

    private static bool IsAddress(string url, string scheme) =>
        Uri.TryCreate(
            url.Replace("//*", "//localhost", StringComparison.Ordinal)
                .Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) &&
        uri.Scheme == scheme && uri.PathAndQuery == "/";
}

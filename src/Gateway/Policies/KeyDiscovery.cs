using System.Text.Json;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Fetches an issuer's keys: where a discovery document is asked for, the keys that it points to. No redirects,
/// bounded, and no answer is thrown away in less than a minute, whatever it says of caches.
/// </summary>
internal sealed class KeyDiscovery() : DelegatingHandler(new SocketsHttpHandler
{
    AllowAutoRedirect = false,
    UseCookies = false,
    MaxConnectionsPerServer = 4,
    ConnectTimeout = TimeSpan.FromSeconds(3),
    MaxResponseHeadersLength = 32,
    PooledConnectionLifetime = TimeSpan.FromMinutes(2),
})
{
    public const string Path = "/.well-known/openid-configuration";
    private const int DocumentBytesMax = 64 * 1024;
    private static readonly TimeSpan AgeMin = TimeSpan.FromMinutes(1);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri!;
        var response = await base.SendAsync(request, cancellationToken);
        if (asked.AbsolutePath.EndsWith(Path, StringComparison.Ordinal) && response.IsSuccessStatusCode)
        {
            Uri keys;
            using (response)
            {
                await response.Content.LoadIntoBufferAsync(DocumentBytesMax, cancellationToken);
                keys = KeysOf(await response.Content.ReadAsByteArrayAsync(cancellationToken), asked);
            }

            using var next = new HttpRequestMessage(HttpMethod.Get, keys);
            response = await base.SendAsync(next, cancellationToken);
        }

        if (response.Headers.CacheControl?.MaxAge < AgeMin)
        {
            response.Headers.CacheControl = null;
        }

        return response;
    }

    /// <exception cref="HttpRequestException">The document is not that of the issuer it was asked of.</exception>
    private static Uri KeysOf(byte[] json, Uri asked)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var issuer = document.RootElement.GetProperty("issuer").GetString()!;
            if (asked.AbsoluteUri == new Uri(issuer.TrimEnd('/') + Path).AbsoluteUri &&
                Uri.TryCreate(
                    document.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var keys) &&
                (keys.Scheme == Uri.UriSchemeHttps || keys.Scheme == asked.Scheme))
            {
                return keys;
            }
        }
        catch (Exception failure) when (
            failure is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            // As below.
        }

        throw new HttpRequestException("The discovery document is not what was expected.");
    }
}

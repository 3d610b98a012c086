using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Resilience;

namespace Gatehouse.Foundation.Authentication;

/// <summary>An identity service in another process: its keys and its checks, through one breaker.</summary>
internal sealed class RemoteIdentity(TokenOptions options, Dependencies dependencies, TimeProvider time) : IDisposable
{
    private const int ConnectionsMax = 64;

    // It stands between a caller and an answer: one that takes longer is as good as none.
    private static readonly DependencyPolicy Policy = new()
    {
        AttemptsMax = 1,
        AttemptTimeout = TimeSpan.FromSeconds(2),
        OpenFor = TimeSpan.FromSeconds(1),
    };

    private readonly HttpClient http = new(new DependencyHandler(
        dependencies.Get("identity", Policy),
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = ConnectionsMax,
            // So that a name that leads elsewhere by now is looked up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }));

    public TokenKeysClient Keys() => new(http, At(".well-known/jwks.json"), time);

    public SessionChecksClient Checks() => new(http, At("auth/session"), time);

    public void Dispose() => http.Dispose();

    private Uri At(string path) => new(
        new Uri((options.IdentityUrl ?? throw new InvalidOperationException(
            "GATEHOUSE_TOKENS__IDENTITYURL is required where the identity module is not served.")).TrimEnd('/') + "/"),
        path);
}

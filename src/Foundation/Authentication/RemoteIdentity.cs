using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;

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

    /// <summary>None where nothing says where they are: a gateway may ask nobody to sign in.</summary>
    public ITokenKeys Keys() => options.IdentityUrl is null
        ? new NoTokenKeys()
        : new TokenKeysClient(http, At(".well-known/jwks.json"), time);

    public ISessionChecks Checks() => options.IdentityUrl is null
        ? new NoSessions()
        : new SessionChecksClient(http, At("auth/session"), time);

    public void Dispose() => http.Dispose();

    private Uri At(string path) => new(new Uri(options.IdentityUrl!.TrimEnd('/') + "/"), path);

    private sealed class NoTokenKeys : ITokenKeys
    {
        public ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation) =>
            ValueTask.FromResult<TokenKey?>(null);

        public ValueTask<TokenKeySet> Published(CancellationToken cancellation) =>
            ValueTask.FromResult(new TokenKeySet([]));
    }

    private sealed class NoSessions : ISessionChecks
    {
        public ValueTask<bool> IsGood(
            Caller caller, string accessToken, bool atOnce, CancellationToken cancellation) =>
            ValueTask.FromResult(false);
    }
}

using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Modules;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Identity.Services;

/// <summary>
/// The keys of access tokens: made when there is none, kept sealed, held in memory. An unknown id looks into the
/// database again, at most once in 30 s: another instance may have made a key.
/// </summary>
internal sealed class SigningKeyService(ISigningKeyRepository repository, SecretBox box, TimeProvider time)
    : ITokenKeys, IStartCheck, IDisposable
{
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Keys? loaded;

    public string Module => IdentityModule.Key;

    public string Subject => "signing key";

    /// <summary>What today's tokens are signed with.</summary>
    public async ValueTask<SigningCredentials> Signer(CancellationToken cancellation) =>
        (loaded ?? await Load(known: null, cancellation)).Signer;

    public async ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation)
    {
        var keys = loaded ?? await Load(known: null, cancellation);
        if (!keys.ById.ContainsKey(kid) && time.GetElapsedTime(keys.LoadedAt) >= ReloadPause)
        {
            keys = await Load(keys, cancellation);
        }

        return keys.ById.GetValueOrDefault(kid);
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation) =>
        new([.. (loaded ?? await Load(known: null, cancellation)).ById.Values]);

    public async Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation)
    {
        if (!readable || (await repository.All(cancellation)).FirstOrDefault(IsActive) is not { } active)
        {
            return [];
        }

        try
        {
            CryptographicOperations.ZeroMemory(Unseal(active));
            return [];
        }
        catch (StartupException refusal)
        {
            return [refusal.Message];
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Keys> Load(Keys? known, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            // Someone who waited for the same turn may have loaded already.
            if (loaded is { } done && done != known)
            {
                return done;
            }

            var all = await repository.All(cancellation);
            if (!all.Any(IsActive))
            {
                await repository.AddUnlessActive(Make(), cancellation);
                all = await repository.All(cancellation);
            }

            return loaded = new Keys(
                Open(all.First(IsActive)),
                all.Select(Publish).ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal),
                time.GetTimestamp());
        }
        finally
        {
            turn.Release();
        }
    }

    private static bool IsActive(SigningKey key) => key is { RetiredAt: null, Algorithm: SigningKey.Es256 };

    private SigningKey Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        // The thumbprint of RFC 7638: an id nobody has to hand out.
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        var kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members)));
        var secret = key.ExportPkcs8PrivateKey();
        var sealedSecret = box.Seal(Purpose(kid), secret);
        CryptographicOperations.ZeroMemory(secret);
        return new SigningKey(kid, SigningKey.Es256, x, y, sealedSecret, time.Now());
    }

    private SigningCredentials Open(SigningKey key)
    {
        var secret = Unseal(key);
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return new SigningCredentials(new ECDsaSecurityKey(ecdsa) { KeyId = key.Kid }, key.Algorithm);
    }

    private byte[] Unseal(SigningKey key)
    {
        try
        {
            return box.Open(Purpose(key.Kid), key.SealedPrivateKey);
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                "The signing key in the database was sealed with another secret key " +
                "(GATEHOUSE_SECRETS__KEY, or secret.key in the data folder).", exception);
        }
    }

    private static TokenKey Publish(SigningKey key) =>
        new(key.Kid, "EC", "P-256", key.PublicX, key.PublicY, key.Algorithm);

    private static string Purpose(string kid) => $"identity/signing-key/{kid}";

    private sealed record Keys(SigningCredentials Signer, FrozenDictionary<string, TokenKey> ById, long LoadedAt);
}

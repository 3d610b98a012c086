using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Modules;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Identity.Services;

/// <summary>
/// The keys of access tokens as this instance knows them. The rows of the database decide which one signs; they are
/// read again every <see cref="ReloadPause"/>, when they are announced to have changed, and for an unknown id at most
/// once in 30 s.
/// </summary>
internal sealed class SigningKeyService(
    ISigningKeyRepository repository, KeyMaker maker, IdentityOptions options, TimeProvider time)
    : ITokenKeys, IStartCheck, IDisposable
{
    private static readonly TimeSpan UnknownPause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, SigningCredentials> opened = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Keys? loaded;

    /// <summary>Well before a key that was just published begins to sign.</summary>
    public TimeSpan ReloadPause { get; } =
        TimeSpan.FromSeconds(Math.Min(30, Math.Max(1, options.KeysMaxAgeSeconds / 2)));

    public string Module => IdentityModule.Key;

    public string Subject => "signing key";

    /// <summary>
    /// What today's tokens are signed with. Never from memory older than half the time between publishing and signing:
    /// an instance that has lost the database for longer signs nothing.
    /// </summary>
    public async ValueTask<SigningCredentials> Signer(CancellationToken cancellation)
    {
        var keys = loaded;
        if (keys is null || time.GetElapsedTime(keys.LoadedAt) >= TimeSpan.FromSeconds(options.KeysMaxAgeSeconds))
        {
            keys = await Load(keys, cancellation);
        }

        var key = SigningKey.SignerAt(keys.All, time.Now())!;
        return opened.GetOrAdd(key.Kid, static (_, its) => its.maker.Open(its.key), (maker, key));
    }

    public async ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation)
    {
        var keys = loaded ?? await Load(known: null, cancellation);
        if (!keys.ById.ContainsKey(kid) && time.GetElapsedTime(keys.LoadedAt) >= UnknownPause)
        {
            keys = await Load(keys, cancellation);
        }

        return keys.ById.TryGetValue(kid, out var found) && found.Key.IsPublished(time.Now()) ? found.Public : null;
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation)
    {
        var now = time.Now();
        var keys = loaded ?? await Load(known: null, cancellation);
        return new TokenKeySet(
            [.. keys.All.Where(key => key.IsPublished(now)).Select(key => keys.ById[key.Kid].Public)]);
    }

    /// <summary>
    /// Reads them again, even if they were read a moment ago: a reading under way may have begun before the change.
    /// </summary>
    public async Task Reload(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await Read(cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation)
    {
        if (!readable)
        {
            return [];
        }

        try
        {
            foreach (var key in (await repository.All(cancellation)).Where(key => key.RetiredAt is null))
            {
                maker.Check(key);
            }

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
            return loaded is { } done && done != known ? done : await Read(cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Keys> Read(CancellationToken cancellation)
    {
        var all = await repository.All(cancellation);
        if (SigningKey.SignerAt(all, time.Now()) is null)
        {
            await repository.AddFirst(maker.Make(time.Now()), cancellation);
            all = await repository.All(cancellation);
        }

        var keys = new Keys(
            all,
            all.ToFrozenDictionary(key => key.Kid, key => (key, KeyMaker.Publish(key)), StringComparer.Ordinal),
            time.GetTimestamp());
        foreach (var gone in opened.Keys.Where(kid => !keys.ById.ContainsKey(kid)))
        {
            opened.TryRemove(gone, out _);
        }

        return loaded = keys;
    }

    private sealed record Keys(
        IReadOnlyList<SigningKey> All,
        FrozenDictionary<string, (SigningKey Key, TokenKey Public)> ById,
        long LoadedAt);
}

using System.Collections.Frozen;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Modules;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// The keys of ticket codes as this instance knows them. A key that another instance made is found when a code names
/// it; one that should sign, within <see cref="AgeMax"/>, and until then the one before signs what is just as good.
/// </summary>
internal sealed partial class TicketKeyService(
    ITicketKeyRepository repository, TicketKeyMaker maker, TimeProvider time, ILogger<TicketKeyService> log)
    : ITicketKeys, IStartCheck, IDisposable
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Keys? loaded;

    public string Module => TicketingModule.DatabaseName;

    public string Subject => "ticket key";

    /// <summary>What today's codes are signed with. It may read the database: never ask within a transaction.</summary>
    public async ValueTask<ITicketSigner> Signer(CancellationToken cancellation)
    {
        var keys = loaded;
        if (keys is null || time.GetElapsedTime(keys.LoadedAt) >= AgeMax)
        {
            keys = await Load(keys, cancellation);
        }

        return keys.Signer;
    }

    /// <summary>Whether the code was signed with a key of this installation.</summary>
    public async ValueTask<bool> IsSigned(TicketCode claim, byte[] code, CancellationToken cancellation)
    {
        var keys = loaded ?? await Load(known: null, cancellation);
        if (!keys.Verifiers.ContainsKey(claim.Kid))
        {
            keys = await Load(keys, cancellation);
        }

        return keys.Verifiers.TryGetValue(claim.Kid, out var verifier) && verifier.Verify(code);
    }

    public async ValueTask<TokenKeySet> Published(CancellationToken cancellation) =>
        (loaded is { } keys && time.GetElapsedTime(keys.LoadedAt) < AgeMax
            ? keys
            : await Load(loaded, cancellation)).Public;

    public async Task<IReadOnlyList<TicketKeyView>> List(CancellationToken cancellation)
    {
        var all = await repository.All(cancellation);
        return [.. all.Select((key, index) => new TicketKeyView(key.Kid, key.CreatedAt, Signs: index == 0))];
    }

    public async Task<Result<TicketKeyView>> Rotate(CancellationToken cancellation)
    {
        var all = await repository.All(cancellation);
        var next = maker.Make(all.Count == 0 ? 1 : all[0].Number + 1);
        if (!await repository.Add(next, cancellation))
        {
            return new Problem(ProblemCodes.Conflict, "Another key was made at the same moment: that one signs.");
        }

        LogMade(next.Kid);
        await Load(loaded, cancellation);
        return new TicketKeyView(next.Kid, next.CreatedAt, Signs: true);
    }

    public async Task<IReadOnlyList<string>> Faults(bool readable, CancellationToken cancellation)
    {
        try
        {
            if (readable && await repository.All(cancellation) is [var newest, ..])
            {
                maker.Open(newest).Dispose();
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
            return loaded is { } done && done != known ? done : loaded = await Read(known, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Keys> Read(Keys? known, CancellationToken cancellation)
    {
        var all = await repository.All(cancellation);
        if (all.Count == 0)
        {
            var first = maker.Make(number: 1);
            if (await repository.Add(first, cancellation))
            {
                LogMade(first.Kid);
            }

            all = await repository.All(cancellation);
        }

        var newest = all[0];
        var published = all.Select(TicketKeyMaker.Publish).ToList();
        // What is open already stays open.
        return new Keys(
            known?.Signer.Kid == newest.Kid ? known.Signer : new TicketSigner(newest.Kid, () => maker.Open(newest)),
            published.ToFrozenDictionary(
                key => key.Kid,
                key => known?.Verifiers.GetValueOrDefault(key.Kid) ?? TicketKeyMaker.Verifier(key),
                StringComparer.Ordinal),
            new TokenKeySet(published),
            time.GetTimestamp());
    }

    [LoggerMessage(5150, LogLevel.Information, "Ticket key {Kid} made; it signs from now on")]
    private partial void LogMade(string kid);

    private sealed record Keys(
        TicketSigner Signer, FrozenDictionary<string, TicketVerifier> Verifiers, TokenKeySet Public, long LoadedAt);
}

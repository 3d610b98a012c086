using System.Globalization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Has keys follow one another. Each step is one transaction, and which key signs is read off the rows: a crash leaves
/// the step done or undone, and of two instances one does it.
/// </summary>
internal sealed partial class KeyRotationService(
    ISigningKeyRepository keys,
    KeyMaker maker,
    IdentityOptions options,
    TimeProvider time,
    ILogger<KeyRotationService> log) : ISigningKeys
{
    /// <summary>From publishing to signing: when it begins, nobody's memory of the keys is older than it.</summary>
    private TimeSpan Ahead => TimeSpan.FromSeconds(2 * options.KeysMaxAgeSeconds);

    public async Task<IReadOnlyList<SigningKeyView>> List(CancellationToken cancellation)
    {
        var all = await keys.All(cancellation);
        var signer = SigningKey.SignerAt(all, time.Now());
        return [.. all.Select(key => View(key, key == signer))];
    }

    public async Task<Result<SigningKeyView>> Rotate(CancellationToken cancellation)
    {
        var now = time.Now();
        var next = maker.Make(now + Ahead);
        var all = await keys.All(cancellation);
        if (all.Count == 0)
        {
            next = next with { ActivatesAt = now };
            await keys.AddFirst(next, cancellation);
        }
        else if (!await keys.Follow(next, begunBefore: now, cancellation))
        {
            var pending = (await keys.All(cancellation)).FirstOrDefault(key => key.ActivatesAt > now);
            return new Problem(ProblemCodes.Conflict, string.Create(
                CultureInfo.InvariantCulture,
                $"A key was made a moment ago: it signs from {pending?.ActivatesAt ?? now:yyyy-MM-dd HH:mm:ss}Z on."));
        }

        LogRotated(next.Kid, next.ActivatesAt);
        return View(next, signs: all.Count == 0);
    }

    public async Task<SigningKeyView> Replace(CancellationToken cancellation)
    {
        var next = maker.Make(time.Now());
        await keys.Replace(next, cancellation);
        LogReplaced(next.Kid);
        return View(next, signs: true);
    }

    /// <summary>
    /// Rotates when the key that signs is older than the settings allow or of another algorithm, and deletes those
    /// whose last token has ended. Answers what it did.
    /// </summary>
    public async Task<string> Tend(CancellationToken cancellation)
    {
        var now = time.Now();
        var pruned = await keys.Prune(now - SigningKey.KeptFor, cancellation);
        var signer = SigningKey.SignerAt(await keys.All(cancellation), now);
        var rotated = false;
        if (signer is not null)
        {
            var begunBefore = signer.Algorithm == options.SigningAlgorithm
                ? now - TimeSpan.FromDays(options.KeyRotationDays)
                : now;
            rotated = signer.ActivatesAt <= begunBefore && signer.RetiredAt is null &&
                await keys.Follow(maker.Make(now + Ahead), begunBefore, cancellation);
        }

        return $"{(rotated ? 1 : 0)} keys made and {pruned} deleted";
    }

    private static SigningKeyView View(SigningKey key, bool signs) =>
        new(key.Kid, key.Algorithm.ToName(), key.CreatedAt, key.ActivatesAt, key.RetiredAt, signs);

    [LoggerMessage(3021, LogLevel.Information, "Signing key {Kid} made; it signs from {ActivatesAt} on")]
    private partial void LogRotated(string kid, DateTimeOffset activatesAt);

    [LoggerMessage(3022, LogLevel.Warning, "Signing key {Kid} took the place of all others: their tokens are void")]
    private partial void LogReplaced(string kid);
}

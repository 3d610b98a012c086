using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>The keys that sign access tokens, for the operator.</summary>
public interface ISigningKeys
{
    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<SigningKeyView>> List(CancellationToken cancellation);

    /// <summary>
    /// Makes the key that signs next. It is published now and signs after twice the time that others may remember the
    /// published keys, so that nobody meets it unprepared; the one before it stays until its last token has ended.
    /// Problems: <c>conflict</c> while one that was made before has not begun to sign.
    /// </summary>
    Task<Result<SigningKeyView>> Rotate(CancellationToken cancellation);

    /// <summary>
    /// For a key that somebody else may have: makes one that signs from now on and deletes all others. Every access
    /// token there is becomes void; sessions go on, so that clients refresh. Others hear of it within the time they
    /// remember keys.
    /// </summary>
    Task<SigningKeyView> Replace(CancellationToken cancellation);
}

/// <param name="Kid">As in the header of its tokens.</param>
/// <param name="Algorithm"><c>ES256</c> or <c>RS256</c>.</param>
/// <param name="ActivatesAt">From when it signs.</param>
/// <param name="RetiredAt">From when it does not; null while no other one follows.</param>
/// <param name="Signs">It is the one that signs now.</param>
public sealed record SigningKeyView(
    string Kid,
    string Algorithm,
    DateTimeOffset CreatedAt,
    DateTimeOffset ActivatesAt,
    DateTimeOffset? RetiredAt,
    bool Signs);

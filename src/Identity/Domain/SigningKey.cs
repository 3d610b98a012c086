namespace Gatehouse.Identity.Domain;

/// <summary>
/// A key that signs access tokens, as it is kept: its private part sealed, and the times of its life.
/// </summary>
/// <param name="PublicKey">A JWK (RFC 7517).</param>
/// <param name="ActivatesAt">From when it signs. It is published as soon as it is made.</param>
internal sealed record SigningKey(
    string Kid,
    SigningAlgorithm Algorithm,
    string PublicKey,
    string SealedPrivateKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset ActivatesAt)
{
    /// <summary>
    /// How long it is published after the last token: no less than a token may live (15 minutes by the bounds of the
    /// setting), and room for clocks that differ.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(20);

    /// <summary>From when another one signs; null while none follows.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    public bool IsPublished(DateTimeOffset now) => RetiredAt is not { } retired || now < retired + KeptFor;

    /// <summary>
    /// The one that signs at that time, null where there are none. A clock that is behind the one that made the first
    /// of them takes that.
    /// </summary>
    public static SigningKey? SignerAt(IReadOnlyCollection<SigningKey> keys, DateTimeOffset now) =>
        keys.Where(key => key.ActivatesAt <= now && !(key.RetiredAt <= now))
            .OrderByDescending(key => key.ActivatesAt).ThenBy(key => key.Kid, StringComparer.Ordinal).FirstOrDefault()
        ?? keys.Where(key => key.RetiredAt is null).MinBy(key => key.ActivatesAt);
}

/// <summary>How access tokens are signed.</summary>
internal enum SigningAlgorithm
{
    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    Es256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256, for services that know no other.</summary>
    Rs256,
}

internal static class SigningAlgorithmNames
{
    /// <summary>As in <c>alg</c>.</summary>
    public static string ToName(this SigningAlgorithm algorithm) => algorithm switch
    {
        SigningAlgorithm.Es256 => "ES256",
        SigningAlgorithm.Rs256 => "RS256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "There is no such algorithm."),
    };

    public static SigningAlgorithm Parse(string name) => name switch
    {
        "ES256" => SigningAlgorithm.Es256,
        "RS256" => SigningAlgorithm.Rs256,
        _ => throw new FormatException($"'{name}' is no algorithm of a signing key."),
    };
}

namespace Gatehouse.Identity.Domain;

/// <summary>
/// A key that signs access tokens, as it is kept: the public point in base64url, the private part sealed.
/// </summary>
internal sealed record SigningKey(
    string Kid, string Algorithm, string PublicX, string PublicY, string SealedPrivateKey, DateTimeOffset CreatedAt)
{
    public const string Es256 = "ES256";

    /// <summary>Since when it signs no more; its tokens stay good until they expire.</summary>
    public DateTimeOffset? RetiredAt { get; init; }
}

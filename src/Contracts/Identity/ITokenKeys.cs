namespace Gatehouse.Contracts.Identity;

/// <summary>The public keys that access tokens are checked with.</summary>
public interface ITokenKeys
{
    /// <summary>
    /// The key of that id, or null when it is not published (any more). Cheap: answers from memory for known ids.
    /// </summary>
    ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation);

    /// <summary>Every key whose tokens may still be alive, and those that will sign soon.</summary>
    ValueTask<TokenKeySet> Published(CancellationToken cancellation);
}

/// <summary>A public key as RFC 7517 writes it, with its member names; binary members in base64url.</summary>
/// <param name="Kid">Its id, in the header of each token signed with it.</param>
/// <param name="Kty"><c>EC</c> or <c>RSA</c>.</param>
/// <param name="Alg">The one algorithm it is good for: <c>ES256</c> or <c>RS256</c>.</param>
public sealed record TokenKey(string Kid, string Kty, string Alg, string Use = "sig")
{
    /// <summary>Of an EC key: <c>P-256</c>.</summary>
    public string? Crv { get; init; }

    /// <summary>Of an EC key.</summary>
    public string? X { get; init; }

    /// <summary>Of an EC key.</summary>
    public string? Y { get; init; }

    /// <summary>Of an RSA key: the modulus.</summary>
    public string? N { get; init; }

    /// <summary>Of an RSA key: the exponent.</summary>
    public string? E { get; init; }
}

/// <summary>The document at <c>/.well-known/jwks.json</c>.</summary>
public sealed record TokenKeySet(IReadOnlyList<TokenKey> Keys);

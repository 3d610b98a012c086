namespace Gatehouse.Contracts.Identity;

/// <summary>The public keys that access tokens are checked with.</summary>
public interface ITokenKeys
{
    /// <summary>
    /// The key of that id, or null when it was never published. Cheap: answers from memory for known ids.
    /// </summary>
    ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation);

    /// <summary>Every key whose tokens may still be alive.</summary>
    ValueTask<TokenKeySet> Published(CancellationToken cancellation);
}

/// <summary>A public key as RFC 7517 writes it, with its member names; binary members in base64url.</summary>
/// <param name="Kid">Its id, in the header of each token signed with it.</param>
/// <param name="Alg">The one algorithm it is good for: <c>ES256</c>.</param>
public sealed record TokenKey(string Kid, string Kty, string Crv, string X, string Y, string Alg, string Use = "sig");

/// <summary>The document at <c>/.well-known/jwks.json</c>.</summary>
public sealed record TokenKeySet(IReadOnlyList<TokenKey> Keys);

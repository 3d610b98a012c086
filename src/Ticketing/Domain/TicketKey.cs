namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// A key that ticket codes are signed with, as it is kept. The one with the highest number signs; all others stay good
/// for the codes they signed.
/// </summary>
/// <param name="Kid">The first five bytes of its thumbprint (RFC 7638), in base32.</param>
/// <param name="Number">From 1.</param>
/// <param name="PublicKey">A JWK (RFC 7517).</param>
internal sealed record TicketKey(
    string Kid, int Number, string PublicKey, string SealedPrivateKey, DateTimeOffset CreatedAt);

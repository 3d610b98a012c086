using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Makes keys of ticket codes and opens them. Their private parts are plain in memory only.</summary>
internal sealed class TicketKeyMaker(SecretBox box, TimeProvider time)
{
    public TicketKey Make(int number)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var published = Publish(key);
        var secret = key.ExportPkcs8PrivateKey();
        var sealedSecret = box.Seal(Purpose(published.Kid), secret);
        CryptographicOperations.ZeroMemory(secret);
        var json = JsonSerializer.Serialize(published, TicketingJson.Default.TokenKey);
        return new TicketKey(published.Kid, number, json, sealedSecret, time.Now());
    }

    /// <exception cref="StartupException">The key of this installation is not the one it was sealed with.</exception>
    public ECDsa Open(TicketKey key)
    {
        byte[] secret;
        try
        {
            secret = box.Open(Purpose(key.Kid), key.SealedPrivateKey);
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                "The ticket key in the database was sealed with another secret key (GATEHOUSE_SECRETS__KEY, or " +
                "secret.key in the data folder). With that one lost, 'gatehouse ticket-keys rotate' makes another.",
                exception);
        }

        var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(secret, out _);
        CryptographicOperations.ZeroMemory(secret);
        return opened;
    }

    public static TokenKey Publish(TicketKey key) =>
        JsonSerializer.Deserialize(key.PublicKey, TicketingJson.Default.TokenKey)!;

    public static TicketVerifier Verifier(TokenKey key) => new(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) },
    });

    private static TokenKey Publish(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        // RFC 7638: an id that nobody has to hand out.
        var thumbprint = SHA256.HashData(
            Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new TokenKey(Base32.Encode(thumbprint.AsSpan(0, TicketCode.KidBytes)), "EC", "ES256")
        {
            Crv = "P-256",
            X = x,
            Y = y,
        };
    }

    private static string Purpose(string kid) => $"ticketing/ticket-key/{kid}";
}

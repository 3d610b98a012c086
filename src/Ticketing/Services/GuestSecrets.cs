using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// What opens a guest's booking: 256 bits made of the booking's id with the key of the installation, so that a replay
/// can show it again although only its hash is kept.
/// </summary>
internal sealed class GuestSecrets(SecretBox box)
{
    private const string Purpose = "ticketing/booking-secret";

    public string Of(BookingId id) =>
        Base64Url.EncodeToString(box.Sign(Purpose, Encoding.ASCII.GetBytes(id.ToString())));

    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Matches(string secret, string hash) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}

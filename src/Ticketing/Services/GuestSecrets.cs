using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

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

    /// <summary>That a booking was confirmed or is held, with what opens it where a guest has it.</summary>
    public IntegrationEvent Tell(Booking booking, LockedEvent locked) => booking.ToPlaced(locked) switch
    {
        BookingConfirmedEvent confirmed when booking.SecretHash is not null => confirmed with
        {
            SealedSecret = box.Seal(
                BookingConfirmedEvent.Purpose(confirmed.Id), Encoding.UTF8.GetBytes(Of(booking.Id))),
        },
        var placed => placed,
    };

    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Matches(string secret, string hash) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}

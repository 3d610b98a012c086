using System.Security.Cryptography;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Codes of random letters that survive being read out: Crockford's base32, without I, L, O and U.</summary>
internal static class RandomCode
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BookingLength = 10;

    /// <summary>50 bits: to be read out; unique within an event, which the database makes sure of.</summary>
    public static string Booking() => RandomNumberGenerator.GetString(Letters, BookingLength);
}

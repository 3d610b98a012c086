using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Signatures of callbacks as the Standard Webhooks specification has them: <c>v1,</c> and the base64 of HMAC-SHA-256
/// of <c>id.timestamp.body</c>, one or more with spaces between.
/// </summary>
internal static class CallbackSignature
{
    private const string Version = "v1,";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    public static SignedCallback Sign(
        Func<byte[], byte[]> sign, string id, DateTimeOffset now, ReadOnlyMemory<byte> body)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [Id] = id,
            [Timestamp] = timestamp,
            [Signature] = Of(sign, id, timestamp, body.Span),
        };
        return new SignedCallback(headers, body);
    }

    /// <summary>Whether one of the signatures is right and the time is now, give or take five minutes.</summary>
    public static bool IsOf(Func<byte[], byte[]> sign, SignedCallback callback, DateTimeOffset now)
    {
        if (!callback.Headers.TryGetValue(Id, out var id) ||
            !callback.Headers.TryGetValue(Timestamp, out var timestamp) ||
            !callback.Headers.TryGetValue(Signature, out var signatures) ||
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ||
            Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        var right = Encoding.ASCII.GetBytes(Of(sign, id, timestamp, callback.Body.Span));
        return signatures.Split(' ').Any(signature =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), right));
    }

    private static string Of(Func<byte[], byte[]> sign, string id, string timestamp, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(sign(Signed(id, timestamp, body)));

    private static byte[] Signed(string id, string timestamp, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
}

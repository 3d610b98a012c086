using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>
/// A receiver's side of Standard Webhooks 1.0, written from the text of the specification and sharing nothing with the
/// sender: the signed content is <c>{msg_id}.{timestamp}.{payload}</c>, the secret is base64 after <c>whsec_</c>, and
/// the header has a space between signatures, each with its version before the comma.
/// </summary>
public sealed class StandardWebhook(string secret)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public bool Verifies(IReadOnlyDictionary<string, string> headers, string payload, DateTimeOffset now)
    {
        if (!headers.TryGetValue("webhook-id", out var id) ||
            !headers.TryGetValue("webhook-timestamp", out var timestamp) ||
            !headers.TryGetValue("webhook-signature", out var signatures) ||
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ||
            (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
        {
            return false;
        }

        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        var expected = hmac.ComputeHash(Encoding.UTF8.GetBytes($"{id}.{timestamp}.{payload}"));
        foreach (var signature in signatures.Split(' '))
        {
            var parts = signature.Split(',', 2);
            if (parts is ["v1", var encoded] &&
                CryptographicOperations.FixedTimeEquals(expected, Convert.FromBase64String(encoded)))
            {
                return true;
            }
        }

        return false;
    }
}

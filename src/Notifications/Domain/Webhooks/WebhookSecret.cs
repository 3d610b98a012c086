using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>What a webhook is signed with: HMAC-SHA256, as the Standard Webhooks specification has it.</summary>
internal sealed class WebhookSecret(byte[] bytes)
{
    private const string Prefix = "whsec_";

    // The specification asks for 24 to 64.
    private const int Length = 32;

    public ReadOnlySpan<byte> Bytes => bytes;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>As its owner gets it, once.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(bytes);

    /// <summary>One entry of <c>webhook-signature</c>.</summary>
    public string Sign(Guid messageId, DateTimeOffset at, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{messageId}.{at.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes(signed)));
    }
}

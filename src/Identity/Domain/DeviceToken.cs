using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// 256 random bits by which an account knows a device again. They open nothing: who has them is let through to the
/// password when strangers have used up the guesses. Always ours, never taken over from a client: a token that someone
/// planted would make a stranger's device the owner's.
/// </summary>
internal sealed record DeviceToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    private DeviceToken(string text) => Text = text;

    public string Text { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static DeviceToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Null for what we never made.</summary>
    public static DeviceToken? ParseOrNull(string? text) =>
        text is { Length: Characters } && Base64Url.IsValid(text) ? new DeviceToken(text) : null;

    public override string ToString() => nameof(DeviceToken);
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// 256 random bits that continue a session, once. Only the hash is kept: a stolen database opens no session. A plain
/// SHA-256 is enough, since there is nothing to guess.
/// </summary>
internal sealed record RefreshToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    private RefreshToken(string text) => Text = text;

    public string Text { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static RefreshToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Null for what we never made.</summary>
    public static RefreshToken? ParseOrNull(string? text) =>
        text is { Length: Characters } && Base64Url.IsValid(text) ? new RefreshToken(text) : null;

    public override string ToString() => nameof(RefreshToken);
}

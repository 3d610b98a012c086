using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// What opens an account once when the authenticator is lost: 80 random bits, written as four groups of four. Only the
/// hash is kept; there is nothing to guess.
/// </summary>
internal sealed record RecoveryCode
{
    public const int PerAccount = 10;
    private const int Bytes = 10;
    private const int Characters = 16;
    private const int GroupCharacters = 4;

    private RecoveryCode(string letters) => Letters = letters;

    /// <summary>As it is shown: <c>ABCD-EFGH-IJKL-MNOP</c>.</summary>
    public string Text => string.Join('-', Letters.Chunk(GroupCharacters).Select(group => new string(group)));

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Letters)));

    private string Letters { get; }

    public static RecoveryCode New() => new(Totp.ToBase32(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>In any case, with or without hyphens and spaces; null for what we never made.</summary>
    public static RecoveryCode? ParseOrNull(string text)
    {
        var letters = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .ToUpperInvariant();
        return letters.Length == Characters && letters.All(c => c is (>= 'A' and <= 'Z') or (>= '2' and <= '7'))
            ? new RecoveryCode(letters)
            : null;
    }

    public override string ToString() => nameof(RecoveryCode);
}

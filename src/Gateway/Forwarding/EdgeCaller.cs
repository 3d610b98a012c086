using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Gatehouse.Foundation.Limits;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Who sends a request, as a token said that was checked here.</summary>
/// <param name="Issuer">By its id in the file.</param>
/// <param name="User">Its <c>sub</c>.</param>
/// <param name="Key">That limits count by.</param>
/// <param name="GoodUntil">Expiry of the token, with the allowed skew.</param>
internal sealed record EdgeCaller(
    string Issuer,
    string User,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    LimitKey Key,
    DateTimeOffset GoodUntil)
{
    /// <summary>Of one header towards the upstream; names that do not fit any more are left out.</summary>
    public const int CharactersMax = 4_096;

    // What no server reads as anything else; all other bytes of UTF-8 are written %XX.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:|@/");

    private readonly string user = Encode(User);
    private readonly string roles = Joined(Roles);
    private readonly string scopes = Joined(Scopes);

    /// <summary>Says it to the upstream. What a client sent by these names ends here.</summary>
    public void AddTo(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("X-Gatehouse-Issuer", Issuer);
        headers.TryAddWithoutValidation("X-Gatehouse-User", user);
        headers.TryAddWithoutValidation("X-Gatehouse-Roles", roles);
        headers.TryAddWithoutValidation("X-Gatehouse-Scopes", scopes);
    }

    private static string Joined(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var name in names)
        {
            var encoded = Encode(name);
            if (text.Length + encoded.Length < CharactersMax)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(encoded);
            }
        }

        return text.ToString();
    }

    private static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            encoded.Append(rune.IsAscii && Plain.Contains((char)rune.Value)
                ? rune.ToString()
                : Uri.EscapeDataString(rune.ToString()));
        }

        return encoded.ToString();
    }
}

using System.Globalization;
using System.Text;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// The path a route sends on in place of the one it was asked for, with what its parameters took. What was taken is of
/// the canonical path and is encoded again, so it need not be byte for byte what came; the query is.
/// </summary>
internal static class Rewrite
{
    // RFC 3986, pchar and slash; a percent sign of the canonical path begins %2F or %25 already.
    private const string Plain = "-._~!$&'()*+,;=:@/%";

    public static string Of(RequestTarget target, in RouteMatch match)
    {
        var transforms = match.Route!.Transforms;
        var at = target.Raw.IndexOf('?', StringComparison.Ordinal);
        var path = new StringBuilder(target.Raw.Length + 64);
        if (transforms.Path is { } template)
        {
            Fill(path, template, target.Path, in match, Plain);
        }
        else
        {
            path.Append(target.Raw.AsSpan(0, at < 0 ? target.Raw.Length : at));
        }

        if (transforms.Query.Count > 0)
        {
            QueryRewrite.Append(path, at < 0 ? [] : target.Raw.AsSpan(at + 1), target.Path, in match);
        }
        else if (at >= 0)
        {
            path.Append(target.Raw.AsSpan(at));
        }

        return path.ToString();
    }

    /// <summary>What a route writes, with what its parameters took.</summary>
    public static void Fill(
        StringBuilder path, string template, string taken, in RouteMatch match, string plain)
    {
        for (var i = 0; i < template.Length; i++)
        {
            var end = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                Encode(path, Rune.GetRuneAt(template, i), plain);
                i += char.IsHighSurrogate(template[i]) ? 1 : 0;
                continue;
            }

            var name = template.AsSpan(i + 1, end - i - 1).TrimStart('*');
            Encode(path, match.Value(taken, name), plain);
            i = end;
        }
    }

    public static bool IsAsked(Transforms transforms) => transforms.Path is not null || transforms.Query.Count > 0;

    public static void Encode(StringBuilder path, ReadOnlySpan<char> text, string plain)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Encode(path, rune, plain);
        }
    }

    private static void Encode(StringBuilder path, Rune rune, string plain)
    {
        if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || plain.Contains((char)rune.Value, StringComparison.Ordinal)))
        {
            path.Append((char)rune.Value);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
        {
            path.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
    }
}

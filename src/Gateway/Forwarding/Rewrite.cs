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
        var template = match.Route!.Transforms.Path!;
        var path = new StringBuilder(template.Length + target.Raw.Length);
        for (var i = 0; i < template.Length; i++)
        {
            var end = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                Encode(path, template.AsSpan(i, 1));
                continue;
            }

            var name = template.AsSpan(i + 1, end - i - 1).TrimStart('*');
            Encode(path, match.Value(target.Path, name));
            i = end;
        }

        var query = target.Raw.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? path.ToString() : path.Append(target.Raw, query, target.Raw.Length - query).ToString();
    }

    private static void Encode(StringBuilder path, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || Plain.Contains((char)rune.Value)))
            {
                path.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                path.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
    }
}

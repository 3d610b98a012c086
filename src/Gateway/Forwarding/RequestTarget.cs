using System.Buffers;
using System.Text;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// What was asked for, twice: byte for byte as it came, to be passed on, and in the one canonical form that routes and
/// access rules are matched with. A target that two servers could read as two paths is refused: see docs/gateway.md.
/// </summary>
/// <param name="Raw">Path and query as sent.</param>
/// <param name="Path">
/// Decoded but for <c>%2F</c> and <c>%25</c>, repeated slashes as one, and without parameters: to many servers
/// <c>/admin;x/users</c> is <c>/admin/users</c>, so no route may be passed by with one.
/// </param>
internal readonly record struct RequestTarget(string Raw, string Path)
{
    private const int StackBytesMax = 512;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // What needs no second look in a path, but for "//" and "/.".
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@/");

    /// <summary>Null in <paramref name="fault"/> and false: the target is no path, as in <c>OPTIONS *</c>.</summary>
    public static bool TryParse(string sent, out RequestTarget target, out string? fault)
    {
        target = default;
        fault = null;
        var raw = sent;
        if (sent.Length == 0 || sent[0] != '/')
        {
            var path = PathOfAbsolute(sent);
            if (path is null)
            {
                return false;
            }

            raw = path;
        }

        var query = raw.IndexOf('?', StringComparison.Ordinal);
        var length = query < 0 ? raw.Length : query;
        if (query >= 0 && FaultOfQuery(raw.AsSpan(query + 1)) is { } queryFault)
        {
            fault = queryFault;
            return false;
        }

        var plain = raw.AsSpan(0, length);
        if (!plain.ContainsAnyExcept(Plain) &&
            plain.IndexOf("/.", StringComparison.Ordinal) < 0 && plain.IndexOf("//", StringComparison.Ordinal) < 0)
        {
            target = new RequestTarget(raw, query < 0 ? raw : raw[..length]);
            return true;
        }

        var canonical = Canonical(plain, out fault);
        target = new RequestTarget(raw, canonical ?? "");
        return canonical is not null;
    }

    // "http://host/path": the host was compared with Host by the server.
    private static string? PathOfAbsolute(string sent)
    {
        var authority = sent.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return null;
        }

        var end = sent.AsSpan(authority + 3).IndexOfAny('/', '?', '#');
        if (end < 0)
        {
            return "/";
        }

        var rest = sent[(authority + 3 + end)..];
        return rest[0] == '/' ? rest : "/" + rest;
    }

    private static string? FaultOfQuery(ReadOnlySpan<char> query) =>
        query.ContainsAnyExceptInRange('!', '~') || query.Contains('#')
            ? "The query holds a character that has to be percent-encoded."
            : null;

    private static string? Canonical(ReadOnlySpan<char> raw, out string? fault)
    {
        // "%25" and "%2F" stay as long as they are; everything else only shrinks.
        var rented = raw.Length > StackBytesMax ? ArrayPool<byte>.Shared.Rent(raw.Length) : null;
        var bytes = rented ?? stackalloc byte[StackBytesMax];
        try
        {
            var count = Decode(raw, bytes, out fault);
            if (count < 0)
            {
                return null;
            }

            var path = Strict.GetString(bytes[..count]);
            if (HasDots(path))
            {
                fault = "The path has segments of dots, which servers resolve in different ways.";
                return null;
            }

            return path;
        }
        catch (DecoderFallbackException)
        {
            fault = "The path is not UTF-8.";
            return null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static int Decode(ReadOnlySpan<char> raw, scoped Span<byte> bytes, out string? fault)
    {
        fault = null;
        var count = 0;
        var isParameter = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c is <= ' ' or > '~' or '\\' or '#')
            {
                fault = "The path holds a character that has to be percent-encoded.";
                return -1;
            }

            if (c == '/' && count > 0 && bytes[count - 1] == '/')
            {
                isParameter = false;
                continue;
            }

            if (c != '%')
            {
                isParameter = c != '/' && (isParameter || c == ';');
                if (!isParameter)
                {
                    bytes[count++] = (byte)c;
                }

                continue;
            }

            if (FaultOfEscape(raw[i..]) is { } escape)
            {
                fault = escape;
                return -1;
            }

            var value = Byte(raw[i..]);
            if (isParameter)
            {
                if (value == (byte)'/')
                {
                    fault = "A parameter of the path encodes a slash.";
                    return -1;
                }
            }
            else if (value is (byte)'/' or (byte)'%')
            {
                bytes[count++] = (byte)'%';
                bytes[count++] = (byte)'2';
                bytes[count++] = value == (byte)'/' ? (byte)'F' : (byte)'5';
            }
            else
            {
                bytes[count++] = value;
            }

            i += 2;
        }

        return count;
    }

    private static string? FaultOfEscape(ReadOnlySpan<char> escape) =>
        escape.Length < 3 || !char.IsAsciiHexDigit(escape[1]) || !char.IsAsciiHexDigit(escape[2])
            ? "A percent sign in the path is not followed by two hexadecimal digits."
        : Byte(escape) is < 0x20 or 0x7f or (byte)'\\' ? "The path encodes a control character or a backslash."
        : null;

    private static byte Byte(ReadOnlySpan<char> escape) => (byte)((Nibble(escape[1]) << 4) | Nibble(escape[2]));

    // "." and "..", also before an encoded ';' and beside an encoded slash.
    private static bool HasDots(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            while (true)
            {
                var slash = segment.IndexOf("%2F", StringComparison.Ordinal);
                var piece = slash < 0 ? segment : segment[..slash];
                var end = piece.IndexOf(';');
                if ((end < 0 ? piece : piece[..end]) is "." or "..")
                {
                    return true;
                }

                if (slash < 0)
                {
                    break;
                }

                segment = segment[(slash + 3)..];
            }
        }

        return false;
    }

    private static int Nibble(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

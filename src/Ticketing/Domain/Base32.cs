namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// RFC 4648 base32 of a multiple of five bytes, which needs no padding: letters and digits that a QR code packs eleven
/// bits a pair, and that survive a change of case.
/// </summary>
internal static class Base32
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int GroupBytes = 5;
    private const int GroupLetters = 8;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[bytes.Length / GroupBytes * GroupLetters];
        for (var group = 0; group < bytes.Length / GroupBytes; group++)
        {
            var bits = 0UL;
            foreach (var b in bytes.Slice(group * GroupBytes, GroupBytes))
            {
                bits = (bits << 8) | b;
            }

            for (var i = 0; i < GroupLetters; i++)
            {
                text[(group * GroupLetters) + i] = Letters[(int)(bits >> (35 - (5 * i))) & 31];
            }
        }

        return new string(text);
    }

    /// <summary>False unless every letter is one, and they fill the bytes exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (bytes.Length % GroupBytes != 0 || text.Length != bytes.Length / GroupBytes * GroupLetters)
        {
            return false;
        }

        for (var group = 0; group < bytes.Length / GroupBytes; group++)
        {
            var bits = 0UL;
            foreach (var letter in text.Slice(group * GroupLetters, GroupLetters))
            {
                if (Value(letter) is not (>= 0 and var value))
                {
                    return false;
                }

                bits = (bits << 5) | (uint)value;
            }

            for (var i = 0; i < GroupBytes; i++)
            {
                bytes[(group * GroupBytes) + i] = (byte)(bits >> (32 - (8 * i)));
            }
        }

        return true;
    }

    private static int Value(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => letter - 'A',
        >= 'a' and <= 'z' => letter - 'a',
        >= '2' and <= '7' => letter - '2' + 26,
        _ => -1,
    };
}

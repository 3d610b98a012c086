using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Identity.Services;

/// <summary>
/// A file of lines <c>SHA-1:count</c> ordered by hash, as haveibeenpwned.com publishes it. Searched by halves where it
/// lies: about 36 reads in one of 40 GB, nothing in memory.
/// </summary>
internal sealed class OrderedHashFile : IDisposable
{
    public const int HashCharacters = 40;

    // A hash, a colon, a count, CR LF.
    private const int LineBytesMax = 64;
    private const int Samples = 64;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789ABCDEF"u8);

    private readonly SafeFileHandle file;
    private readonly long length;
    private readonly string path;

    public OrderedHashFile(string path)
    {
        this.path = path;
        file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        length = RandomAccess.GetLength(file);
    }

    /// <param name="hash">40 upper-case hexadecimal digits.</param>
    /// <exception cref="IOException">It is not such a file.</exception>
    public bool Contains(string hash)
    {
        // Both are beginnings of lines; the hash is in between, if anywhere.
        var (low, high) = (0L, length);
        while (low < high)
        {
            var line = LineAt(low + ((high - low) / 2), low);
            switch (string.CompareOrdinal(line.Hash, hash))
            {
                case 0:
                    return true;
                case < 0:
                    low = line.End;
                    break;
                default:
                    high = line.Start;
                    break;
            }
        }

        return false;
    }

    /// <summary>What is wrong with it, as far as a few lines tell; null when they are in order.</summary>
    /// <exception cref="IOException">It is not such a file.</exception>
    public string? Fault()
    {
        if (length == 0)
        {
            return $"{path} is empty";
        }

        var before = LineAt(0, 0);
        for (var i = 1; i <= Samples; i++)
        {
            var line = LineAt(Math.Max(before.Start, (length - 1) * i / Samples), before.Start);
            if (line.Start > before.Start && string.CompareOrdinal(line.Hash, before.Hash) <= 0)
            {
                return $"{path} is not ordered by hash, at byte {line.Start}";
            }

            before = line;
        }

        return null;
    }

    public void Dispose() => file.Dispose();

    // The line that the byte is in; no line begins before the floor.
    private Line LineAt(long offset, long floor)
    {
        var from = Math.Max(floor, offset - LineBytesMax);
        Span<byte> window = stackalloc byte[2 * LineBytesMax];
        window = window[..RandomAccess.Read(file, window, from)];
        var inWindow = (int)(offset - from);
        var start = window[..inWindow].LastIndexOf((byte)'\n') + 1;
        var rest = window[start..];
        var end = rest.IndexOf((byte)'\n');
        var text = end < 0 ? rest : rest[..end];
        var isWhole = (start > 0 || from == floor) && (end >= 0 || from + window.Length == length);
        var isLine = isWhole && text.Length >= HashCharacters && !text[..HashCharacters].ContainsAnyExcept(Digits) &&
            (text.Length == HashCharacters || text[HashCharacters] is (byte)':' or (byte)'\r');
        return isLine
            ? new Line(
                from + start,
                from + start + (end < 0 ? rest.Length : end + 1),
                Encoding.ASCII.GetString(text[..HashCharacters]))
            : throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} has no line 'SHA-1 in upper-case hexadecimal:count' at byte {from + start}"));
    }

    /// <param name="Start">Of its first byte.</param>
    /// <param name="End">After its line end.</param>
    private readonly record struct Line(long Start, long End, string Hash);
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Testing;

/// <summary>
/// A mail as a mail program reads it (RFC 2045 to 2047): enough of it to see whether what we write means what we meant.
/// </summary>
public sealed partial class MimeMessage
{
    private readonly List<(string Name, string Value)> headers = [];

    private MimeMessage(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (head, body) = end < 0 ? (text, "") : (text[..(end + 2)], text[(end + 4)..]);
        foreach (Match header in Header().Matches(Fold().Replace(head, " ")))
        {
            headers.Add((header.Groups["name"].Value, header.Groups["value"].Value));
        }

        var type = this["Content-Type"];
        MediaType = type.Split(';')[0].Trim().ToLowerInvariant();
        if (MediaType.StartsWith("multipart/", StringComparison.Ordinal))
        {
            var boundary = Regex.Match(
                type, "boundary=\"?([^\";]+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
            var pieces = ("\r\n" + body).Split($"\r\n--{boundary}");
            Parts = [.. pieces[1..^1].Select(piece => new MimeMessage(piece["\r\n".Length..]))];
        }

        Content = Decode(body, this["Content-Transfer-Encoding"].ToLowerInvariant());
        Body = Encoding.UTF8.GetString(Content.Span);
    }

    public string MediaType { get; }

    public IReadOnlyList<MimeMessage> Parts { get; } = [];

    public string Body { get; }

    /// <summary>The same in bytes, for what is no text.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>A header that is there once, decoded; empty where it is not there.</summary>
    public string this[string name] => Words(headers
        .SingleOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value ?? "");

    public IEnumerable<string> HeaderNames => headers.Select(header => header.Name);

    /// <param name="text">One character a byte.</param>
    public static MimeMessage Parse(string text) => new(text);

    public static MimeMessage Read(string file) => new(Encoding.Latin1.GetString(File.ReadAllBytes(file)));

    /// <summary>The one part of that type, at any depth.</summary>
    public MimeMessage Part(string mediaType) => All().Single(part => part.MediaType == mediaType);

    public bool Has(string mediaType) => All().Any(part => part.MediaType == mediaType);

    private IEnumerable<MimeMessage> All() => Parts.SelectMany(part => part.All()).Prepend(this);

    private static byte[] Decode(string body, string encoding) => encoding switch
    {
        "base64" => Convert.FromBase64String(body),
        "quoted-printable" => Encoding.Latin1.GetBytes(QuotedByte().Replace(
            body.Replace("=\r\n", "", StringComparison.Ordinal), Byte)),
        _ => Encoding.Latin1.GetBytes(body),
    };

    // Encoded words that follow each other are one text, even in the middle of a character.
    private static string Words(string value) => EncodedWords().Replace(value, words =>
    {
        var bytes = new List<byte>();
        foreach (Match word in EncodedWord().Matches(words.Value))
        {
            var text = word.Groups["text"].Value;
            bytes.AddRange(word.Groups["kind"].Value is "B" or "b"
                ? Convert.FromBase64String(text)
                : Encoding.Latin1.GetBytes(QuotedByte().Replace(text.Replace('_', ' '), Byte)));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    });

    private static string Byte(Match quoted) =>
        ((char)byte.Parse(quoted.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex(@"\r\n[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Fold();

    [GeneratedRegex(@"(?<name>[^:\r\n]+):[ \t]*(?<value>[^\r\n]*)\r\n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Header();

    [GeneratedRegex("=[0-9A-Fa-f]{2}", RegexOptions.None, 1000)]
    private static partial Regex QuotedByte();

    [GeneratedRegex(@"=\?utf-8\?[^?]\?[^?]*\?=(\s+=\?utf-8\?[^?]\?[^?]*\?=)*", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex EncodedWords();

    [GeneratedRegex(
        @"=\?utf-8\?(?<kind>[^?])\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWord();
}

using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Gatehouse.Foundation.Documents;

/// <summary>
/// Writes a PDF (ISO 32000-1) of pages of A4 in the fonts that every reader has, so that none need be embedded. They
/// have the letters of Windows-1252: others lose their accents, or become a question mark.
/// </summary>
internal sealed class PdfFile : IDisposable
{
    public const double Width = 595;
    public const double Height = 842;
    private const int FirstPage = 7;
    private readonly MemoryStream file = new();
    private readonly List<long> offsets = [];

    public static byte[] Write(string title, IReadOnlyList<string> pages)
    {
        using var pdf = new PdfFile();
        return pdf.WriteAll(title, pages);
    }

    /// <summary>As the fonts can show it.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var letter = Rune.IsControl(rune) ? " " : rune.ToString();
            var plain = Windows1252.GetString(Windows1252.GetBytes(letter)) == letter
                ? letter
                : letter.Normalize(NormalizationForm.FormD)[..1];
            printable.Append(Windows1252.GetString(Windows1252.GetBytes(plain)));
        }

        return printable.ToString();
    }

    /// <summary>A text as an operand.</summary>
    public static string Operand(string text) => $"<{Convert.ToHexString(Windows1252.GetBytes(text))}>";

    public void Dispose() => file.Dispose();

    private static Encoding Windows1252 { get; } = CodePagesEncodingProvider.Instance.GetEncoding(
        1252, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    private byte[] WriteAll(string title, IReadOnlyList<string> pages)
    {
        Text("%PDF-1.4\n");
        var kids = string.Join(' ', pages.Select((_, index) => $"{FirstPage + (2 * index)} 0 R"));
        Add("<</Type/Catalog/Pages 2 0 R>>");
        Add($"<</Type/Pages/Count {pages.Count}/Kids[{kids}]>>");
        Add($"<</Title<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title))}>/Producer(Gatehouse)>>");
        foreach (var font in new[] { "Helvetica", "Helvetica-Bold", "Courier-Bold" })
        {
            Add($"<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>");
        }

        foreach (var page in pages)
        {
            var content = offsets.Count + 2;
            Add($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {Width} {Height}]/Contents {content} 0 R" +
                "/Resources<</Font<</F1 4 0 R/F2 5 0 R/F3 6 0 R>>>>>>");
            AddStream(page);
        }

        var start = file.Length;
        Text($"xref\n0 {offsets.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
        {
            Text(string.Create(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n"));
        }

        Text($"trailer\n<</Size {offsets.Count + 1}/Root 1 0 R/Info 3 0 R>>\nstartxref\n{start}\n%%EOF\n");
        return file.ToArray();
    }

    private void Add(string entry)
    {
        offsets.Add(file.Length);
        Text($"{offsets.Count} 0 obj\n{entry}\nendobj\n");
    }

    private void AddStream(string content)
    {
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packing.Write(Encoding.ASCII.GetBytes(content));
        }

        offsets.Add(file.Length);
        Text($"{offsets.Count} 0 obj\n<</Filter/FlateDecode/Length {packed.Length}>>\nstream\n");
        packed.WriteTo(file);
        Text("\nendstream\nendobj\n");
    }

    private void Text(string text) => file.Write(Encoding.ASCII.GetBytes(text));
}

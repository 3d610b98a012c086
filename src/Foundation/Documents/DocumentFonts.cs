using PdfSharp.Fonts;

namespace Gatehouse.Foundation.Documents;

/// <summary>
/// The font of documents travels with the program, since a server has none: DejaVu Sans, for Latin, Greek, Cyrillic and
/// more, free to be passed on and embedded (Fonts/LICENSE.txt). Of it a document holds the letters it uses.
/// </summary>
internal sealed class DocumentFonts : IFontResolver
{
    public const string Family = "DejaVu Sans";
    private const string Regular = "DejaVuSans";
    private const string Bold = "DejaVuSans-Bold";

    /// <summary>PDFsharp knows one resolver for the process, and refuses another.</summary>
    public static void Use() => GlobalFontSettings.FontResolver ??= new DocumentFonts();

    public FontResolverInfo ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
        new(isBold ? Bold : Regular);

    public byte[] GetFont(string faceName)
    {
        using var resource = typeof(DocumentFonts).Assembly.GetManifestResourceStream($"Fonts/{faceName}")
            ?? throw new InvalidOperationException($"The program carries no font {faceName}.");
        using var font = new MemoryStream();
        resource.CopyTo(font);
        return font.ToArray();
    }
}

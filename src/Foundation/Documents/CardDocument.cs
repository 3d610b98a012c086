using System.Text;
using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Pdf;

namespace Gatehouse.Foundation.Documents;

/// <summary>Writes cards as PDF, one a page of A4. The QR codes are drawn as areas: sharp at any size.</summary>
public static class CardDocument
{
    public const int CardsMax = 100;
    private const double Margin = 56;
    private const double Gap = 10;
    private const double LabelSize = 9;
    private const double QrSide = 230;
    private const int HeadingLinesMax = 3;
    private const int TextLinesMax = 4;

    // It is work for a processor, and two at once are as many as a small machine has.
    private static readonly SemaphoreSlim Turns = new(2, 2);

    static CardDocument() => DocumentFonts.Use();

    /// <param name="title">Of the document, where a reader shows it.</param>
    /// <param name="cards">1 to 100.</param>
    /// <param name="cancellation">Ends the wait for a turn, and the work between two cards.</param>
    public static async Task<byte[]> Write(
        string title, IReadOnlyList<DocumentCard> cards, CancellationToken cancellation)
    {
        if (cards.Count is 0 or > CardsMax)
        {
            throw new ArgumentOutOfRangeException(nameof(cards), cards.Count, $"A document has 1 to {CardsMax} cards.");
        }

        await Turns.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Draw(title, cards, cancellation), cancellation);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static byte[] Draw(string title, IReadOnlyList<DocumentCard> cards, CancellationToken cancellation)
    {
        using var document = new PdfDocument();
        document.Info.Title = Printable(title);
        foreach (var card in cards)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = document.AddPage();
            page.Size = PageSize.A4;
            using var ink = XGraphics.FromPdfPage(page);
            Draw(ink, card, page.Width.Point, page.Height.Point);
        }

        using var file = new MemoryStream();
        document.Save(file);
        return file.ToArray();
    }

    private static void Draw(XGraphics ink, DocumentCard card, double width, double height)
    {
        var column = width - (2 * Margin);
        var y = Write(ink, card.Heading, Font(22, isBold: true), Margin, column, HeadingLinesMax) + Gap;
        foreach (var line in card.Lines)
        {
            y = Write(ink, line.Label, Font(LabelSize), y, column, linesMax: 1, XBrushes.DimGray);
            y = Write(ink, line.Text, Font(13), y, column, TextLinesMax) + (Gap / 2);
        }

        // However long the rest is, the code has its place.
        y = Math.Min(y + Gap, height - Margin - QrSide - 80);
        DrawQr(ink, card.Code, (width - QrSide) / 2, y);
        y += QrSide + Gap;
        var caption = Font(15, isBold: true);
        var text = Printable(card.Caption);
        ink.DrawString(
            text, caption, XBrushes.Black, new XPoint((width - ink.MeasureString(text, caption).Width) / 2, y + 15));
        Write(ink, card.Foot, Font(LabelSize), height - Margin - 12, column, linesMax: 2, XBrushes.DimGray);
    }

    /// <returns>Where the next line begins.</returns>
    private static double Write(
        XGraphics ink, string text, XFont font, double y, double width, int linesMax, XBrush? brush = null)
    {
        foreach (var line in Wrapped(ink, Printable(text), font, width, linesMax))
        {
            ink.DrawString(line, font, brush ?? XBrushes.Black, new XPoint(Margin, y + font.Size));
            y += font.Size * 1.35;
        }

        return y;
    }

    private static List<string> Wrapped(XGraphics ink, string text, XFont font, double width, int linesMax)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var rune in text.EnumerateRunes())
        {
            var next = line + rune;
            if (ink.MeasureString(next, font).Width <= width)
            {
                line = next;
                continue;
            }

            if (lines.Count == linesMax - 1)
            {
                lines.Add(line.TrimEnd() + "…");
                return lines;
            }

            // Between words where there are any.
            var space = line.LastIndexOf(' ');
            lines.Add(space > 0 ? line[..space] : line);
            line = (space > 0 ? line[(space + 1)..] : "") + rune;
        }

        return [.. lines, line];
    }

    private static void DrawQr(XGraphics ink, string code, double x, double y)
    {
        var rows = QrPicture.Modules(code);
        var side = QrSide / rows.Count;
        var quiet = 4 * side;
        ink.DrawRectangle(XBrushes.White, x - quiet, y - quiet, QrSide + (2 * quiet), QrSide + (2 * quiet));
        var dark = new XGraphicsPath { FillMode = XFillMode.Winding };
        for (var row = 0; row < rows.Count; row++)
        {
            for (var start = 0; start < rows.Count; start++)
            {
                var end = start;
                while (end < rows.Count && rows[row][end])
                {
                    end++;
                }

                if (end > start)
                {
                    // A little over its edge, so that no light shows between two rows.
                    dark.AddRectangle(x + (start * side), y + (row * side), (end - start) * side, side * 1.02);
                    start = end;
                }
            }
        }

        ink.DrawPath(XBrushes.Black, dark);
    }

    private static XFont Font(double size, bool isBold = false) =>
        new(DocumentFonts.Family, size, isBold ? XFontStyleEx.Bold : XFontStyleEx.Regular);

    // What has no shape of its own is a space; what the font has no shape for becomes its box.
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            printable.Append(Rune.IsControl(rune) || rune.Value == 0xFFFD ? new Rune(' ') : rune);
        }

        return printable.ToString();
    }
}

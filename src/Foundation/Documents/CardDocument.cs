using System.Globalization;
using System.Text;

namespace Gatehouse.Foundation.Documents;

/// <summary>Writes cards as PDF, one a page of A4. The QR codes are drawn as areas: sharp at any size.</summary>
public static class CardDocument
{
    public const int CardsMax = 100;
    private const double Margin = 56;
    private const double Gap = 10;
    private const double QrSide = 230;
    private const int HeadingLinesMax = 3;
    private const int TextLinesMax = 4;

    // Of the size of a font: no text of Helvetica that is not all capitals is wider, letter by letter.
    private const double LetterWidth = 0.56;
    private const double CourierWidth = 0.6;

    /// <param name="title">Of the document, where a reader shows it.</param>
    /// <param name="cards">1 to 100.</param>
    public static byte[] Write(string title, IReadOnlyList<DocumentCard> cards) => cards.Count is > 0 and <= CardsMax
        ? PdfFile.Write(title, [.. cards.Select(Draw)])
        : throw new ArgumentOutOfRangeException(nameof(cards), cards.Count, $"A document has 1 to {CardsMax} cards.");

    private static string Draw(DocumentCard card)
    {
        var page = new StringBuilder();
        var y = Write(page, card.Heading, "F2", 22, Margin, HeadingLinesMax) + Gap;
        foreach (var line in card.Lines)
        {
            y = Write(page, line.Label, "F1", 9, y, linesMax: 1);
            y = Write(page, line.Text, "F1", 13, y, TextLinesMax) + (Gap / 2);
        }

        // However long the rest is, the code has its place.
        y = Math.Min(y + Gap, PdfFile.Height - Margin - QrSide - 80);
        DrawQr(page, card.Code, (PdfFile.Width - QrSide) / 2, y);
        y += QrSide + Gap;
        var caption = PdfFile.Printable(card.Caption);
        Write(page, caption, "F3", 15, (PdfFile.Width - (caption.Length * 15 * CourierWidth)) / 2, y);
        Write(page, card.Foot, "F1", 9, PdfFile.Height - Margin - 12, linesMax: 2);
        return page.ToString();
    }

    /// <returns>Where the next line begins, from the top of the page.</returns>
    private static double Write(StringBuilder page, string text, string font, double size, double y, int linesMax)
    {
        var columns = (int)((PdfFile.Width - (2 * Margin)) / (size * LetterWidth));
        foreach (var line in Wrapped(PdfFile.Printable(text), columns, linesMax))
        {
            Write(page, line, font, size, Margin, y);
            y += size * 1.35;
        }

        return y;
    }

    private static void Write(StringBuilder page, string line, string font, double size, double x, double y) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"BT /{font} {size:0.##} Tf {x:0.##} {PdfFile.Height - y - size:0.##} Td {PdfFile.Operand(line)} Tj ET\n");

    private static List<string> Wrapped(string text, int columns, int linesMax)
    {
        var (lines, rest) = (new List<string>(), text.Trim());
        while (rest.Length > columns && lines.Count < linesMax - 1)
        {
            // Between words where there are any.
            var end = rest.LastIndexOf(' ', columns);
            end = end > 0 ? end : columns;
            lines.Add(rest[..end]);
            rest = rest[end..].TrimStart();
        }

        return [.. lines, rest.Length > columns ? string.Concat(rest.AsSpan(0, columns - 1), "…") : rest];
    }

    private static void DrawQr(StringBuilder page, string code, double x, double y)
    {
        var rows = QrPicture.Modules(code);
        var side = QrSide / rows.Count;
        var quiet = 4 * side;
        Rectangle(x - quiet, y - quiet, QrSide + (2 * quiet), QrSide + (2 * quiet));
        page.Append("1 g f 0 g\n");
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
                    Rectangle(x + (start * side), y + (row * side), (end - start) * side, side * 1.02);
                    start = end;
                }
            }
        }

        page.Append("f\n");

        void Rectangle(double left, double top, double width, double height) => page.Append(
            CultureInfo.InvariantCulture,
            $"{left:0.###} {PdfFile.Height - top - height:0.###} {width:0.###} {height:0.###} re\n");
    }
}

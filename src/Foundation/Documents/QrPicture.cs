using System.Collections;
using QRCoder;

namespace Gatehouse.Foundation.Documents;

/// <summary>
/// QR codes, for scanners of telephones: error correction M, which survives a crease, and the quiet zone of four
/// modules
/// that the standard asks for. Text of capitals and digits takes the alphanumeric mode and is the smallest.
/// </summary>
public static class QrPicture
{
    private const int QuietModules = 4;

    /// <param name="text">What it says.</param>
    /// <param name="modulePixels">The side of one module.</param>
    public static byte[] Png(string text, int modulePixels)
    {
        using var data = Encode(text);
        using var picture = new PngByteQRCode(data);
        return picture.GetGraphic(modulePixels);
    }

    /// <summary>It has a view box and no size: it becomes as large as the page wants it.</summary>
    public static string Svg(string text)
    {
        using var data = Encode(text);
        using var picture = new SvgQRCode(data);
        return picture.GetGraphic(
            1, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <summary>Its rows without the quiet zone; true is dark.</summary>
    internal static IReadOnlyList<BitArray> Modules(string text)
    {
        using var data = Encode(text);
        var rows = data.ModuleMatrix;
        var side = rows.Count - (2 * QuietModules);
        return
        [
            .. rows.Skip(QuietModules).Take(side).Select(row =>
                new BitArray([.. Enumerable.Range(QuietModules, side).Select(column => row[column])])),
        ];
    }

    private static QRCodeData Encode(string text) => QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
}

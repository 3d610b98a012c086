using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Compressing;

internal enum Coding
{
    None,
    Gzip,
    Brotli,
}

/// <summary>What a client can read (RFC 9110, 12.5.3), of what is written here.</summary>
internal static class AcceptedEncodings
{
    private const string BrotliBest = "br, gzip";
    private const string BrotliOnly = "br";
    private const string GzipOnly = "gzip";

    /// <summary>The best of both; brotli where the client has no preference.</summary>
    public static Coding Best(StringValues accepted)
    {
        var (brotli, gzip) = Weights(accepted);
        return brotli > 0 && brotli >= gzip ? Coding.Brotli
            : gzip > 0 ? Coding.Gzip
            : Coding.None;
    }

    /// <summary>
    /// Written in one of four ways, to the destination too: browsers write the same in many, and a cache would keep an
    /// answer for each.
    /// </summary>
    public static void Normalize(IHeaderDictionary request)
    {
        var (brotli, gzip) = Weights(request.AcceptEncoding);
        request.AcceptEncoding = brotli > 0 && brotli >= gzip ? gzip > 0 ? BrotliBest : BrotliOnly
            : gzip > 0 ? GzipOnly
            : StringValues.Empty;
    }

    private static (double Brotli, double Gzip) Weights(StringValues accepted)
    {
        double? brotli = null;
        double? gzip = null;
        double any = 0;
        for (var i = 0; i < accepted.Count; i++)
        {
            var line = accepted[i].AsSpan();
            foreach (var range in line.Split(','))
            {
                var item = line[range];
                var semicolon = item.IndexOf(';');
                var name = (semicolon < 0 ? item : item[..semicolon]).Trim();
                var weight = semicolon < 0 ? 1 : Weight(item[(semicolon + 1)..]);
                if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
                {
                    brotli = weight;
                }
                else if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ||
                    name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
                {
                    gzip = weight;
                }
                else if (name is "*")
                {
                    any = weight;
                }
            }
        }

        return (brotli ?? any, gzip ?? any);
    }

    // What cannot be read is a no.
    private static double Weight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase) &&
            double.TryParse(
                parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            ? Math.Min(weight, 1)
            : 0;
    }
}

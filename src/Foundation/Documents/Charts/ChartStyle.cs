using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>
/// Colours and type. Every two neighbours differ in lightness, so that they differ without colour; text has a contrast
/// of 4.5 or more with what it stands on.
/// </summary>
public static class ChartStyle
{
    /// <summary>Steps from the least to the most of a heat map.</summary>
    public const int Levels = 5;

    private const string Shapes =
        "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-size:12px}" +
        ".title{font-size:18px;font-weight:600}.summary{font-size:13px}.small{font-size:10px}" +
        ".start{text-anchor:start}.middle{text-anchor:middle}.end{text-anchor:end}" +
        ".grid{stroke-width:1}.axis{stroke-width:1}.dot{stroke-width:1.5}.empty{fill:none;stroke-width:1}" +
        ".hit{fill-opacity:0}.line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}" +
        ".thin{fill:none;stroke-width:1.5;stroke-dasharray:4 4}";

    private static readonly string LightColours = Colours(
        back: "#ffffff", text: "#1b2733", muted: "#52606d", grid: "#dde4eb", axis: "#8a97a5", mark: "#1762a6",
        soft: "#5c87ad",
        fills: ["#e6f0f9", "#b9d6f0", "#82b4e2", "#3b7dbd", "#12467c"],
        inks: ["#1b2733", "#1b2733", "#1b2733", "#ffffff", "#ffffff"]);

    private static readonly string DarkColours = Colours(
        back: "#10161d", text: "#e8eef4", muted: "#a3b2c1", grid: "#28333e", axis: "#6f7f8f", mark: "#79bbff",
        soft: "#6f97bd",
        fills: ["#17304a", "#1c4a73", "#2a6aa3", "#66a8e0", "#c3e0fa"],
        inks: ["#e8eef4", "#e8eef4", "#ffffff", "#10161d", "#10161d"]);

    private static readonly Dictionary<ChartTheme, string> Texts = new()
    {
        [ChartTheme.Light] = Shapes + LightColours,
        [ChartTheme.Dark] = Shapes + DarkColours,
        [ChartTheme.Auto] = $"{Shapes}{LightColours}@media (prefers-color-scheme:dark){{{DarkColours}}}",
    };

    private static readonly Dictionary<ChartTheme, string> Policies = Texts.ToDictionary(
        text => text.Key,
        text => "default-src 'none'; style-src 'sha256-" +
            Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text.Value))) +
            "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

    /// <summary>The <c>Content-Security-Policy</c> of a chart that is opened by itself: its style and nothing else.
    /// </summary>
    public static string PolicyOf(ChartTheme theme) => Policies[theme];

    internal static string Of(ChartTheme theme) => Texts[theme];

    private static string Colours(
        string back, string text, string muted, string grid, string axis, string mark, string soft,
        string[] fills, string[] inks)
    {
        var css = new StringBuilder(
            $".back{{fill:{back}}}text{{fill:{text}}}.muted{{fill:{muted}}}.grid{{stroke:{grid}}}" +
            $".axis{{stroke:{axis}}}.bar{{fill:{mark}}}.line,.thin{{stroke:{mark}}}" +
            $".over{{paint-order:stroke;stroke:{back};stroke-width:4px}}" +
            $".dot{{fill:{back};stroke:{soft}}}.empty{{stroke:{grid}}}");
        for (var i = 0; i < Levels; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $".l{i}{{fill:{fills[i]}}}.on{i}{{fill:{inks[i]}}}");
        }

        return css.ToString();
    }
}

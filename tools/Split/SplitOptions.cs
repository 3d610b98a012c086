using System.Globalization;

namespace Gatehouse.Split;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Program">The built <c>gatehouse.dll</c>.</param>
/// <param name="Gateway">The gateway's file, as it is shipped.</param>
/// <param name="Data">Where everything is kept; a full path.</param>
/// <param name="Port">The gateway's; the others follow it.</param>
internal sealed record SplitOptions(string Program, string Gateway, string Data, int Port)
{
    private const int PortMin = 1_024;
    private const int PortMax = 65_000;

    public static bool TryParse(string[] args, out SplitOptions options, out string fault)
    {
        options = new SplitOptions("", "", Path.GetFullPath("data/split"), 8_080);
        fault = "";
        for (var i = 0; i < args.Length && fault.Length == 0; i += 2)
        {
            (options, fault) = (args[i], i + 1 < args.Length ? args[i + 1] : "") switch
            {
                (_, "") => (options, $"{args[i]} takes a value."),
                ("--program", var file) => (options with { Program = Path.GetFullPath(file) }, ""),
                ("--gateway", var file) => (options with { Gateway = Path.GetFullPath(file) }, ""),
                ("--data", var folder) => (options with { Data = Path.GetFullPath(folder) }, ""),
                ("--port", var text) => TryPort(text, out var port)
                    ? (options with { Port = port }, "")
                    : (options, $"--port takes a whole number from {PortMin} to {PortMax}."),
                _ => (options, $"unknown option {args[i]}; --split takes --data FOLDER and --port NUMBER."),
            };
        }

        return fault.Length == 0;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) &&
        port is >= PortMin and <= PortMax;
}

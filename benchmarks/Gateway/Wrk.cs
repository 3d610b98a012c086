using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gatehouse.Bench.Gateway;

/// <summary>One run of <c>wrk</c>, on the core that the upstream has too.</summary>
/// <param name="Failures">Answers that were none, or not 2xx.</param>
internal sealed partial record Wrk(double PerSecond, long Requests, double P50Ms, double P99Ms, long Failures)
{
    public static async Task<Wrk> Run(
        int port, string path, int connections, int seconds, params string[] headers)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "taskset",
            ["-c", Proxy.OtherCore, "wrk", "-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "--latency",
                .. headers.SelectMany(header => new[] { "-H", header }), $"http://127.0.0.1:{port}{path}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new Wrk(
                Number(said, @"Requests/sec:\s+([\d.]+)"),
                (long)Number(said, @"(\d+) requests in"),
                Milliseconds(said, "50%"),
                Milliseconds(said, "99%"),
                (long)(Number(said, @"Non-2xx or 3xx responses: (\d+)") + Number(said, @"connect (\d+)") +
                    Number(said, @"read (\d+)") + Number(said, @"write (\d+)") + Number(said, @"timeout (\d+)")))
            : throw new InvalidOperationException($"wrk ended with exit code {process.ExitCode}: {said}");
    }

    private static double Number(string said, string pattern) =>
        Regex.Match(said, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;

    private static double Milliseconds(string said, string quantile)
    {
        var match = Regex.Match(
            said, Regex.Escape(quantile) + @"\s+([\d.]+)(us|ms|s)", RegexOptions.None, TimeSpan.FromSeconds(1));
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) *
            match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
    }
}

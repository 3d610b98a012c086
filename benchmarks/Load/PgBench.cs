using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Testing;
using Npgsql;

namespace Gatehouse.Bench.Load;

/// <summary>PostgreSQL's own bench with a script of ours, prepared statements, and two threads.</summary>
internal static partial class PgBench
{
    private const int Threads = 2;

    /// <summary>Transactions a second; throws where one failed.</summary>
    public static async Task<double> Run(
        string connection, string script, int clients, TimeSpan warmUp, TimeSpan counted)
    {
        var file = Path.Combine(ScratchFolder.Create(), "script.sql");
        await File.WriteAllTextAsync(file, script);
        await Run(connection, file, clients, warmUp);
        return await Run(connection, file, clients, counted);
    }

    private static async Task<double> Run(string connection, string file, int clients, TimeSpan time)
    {
        var server = new NpgsqlConnectionStringBuilder(connection);
        using var pgbench = ChildProcess.Start("pgbench",
        [
            "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!,
            "-n", "-M", "prepared", "-c", $"{clients}", "-j", $"{Threads}", "-T", $"{time.TotalSeconds:0}",
            "-f", file, server.Database!,
        ]);
        var exitCode = await pgbench.Exited(time + TimeSpan.FromSeconds(60));
        var said = pgbench.Said();
        return exitCode == 0 && Rate().Match(said) is { Success: true } rate && NoneFailed().IsMatch(said)
            ? double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench ended with exit code {exitCode}.\n{said}");
    }

    [GeneratedRegex(@"^tps = (?<rate>[\d.]+)", RegexOptions.Multiline, 1000)]
    private static partial Regex Rate();

    [GeneratedRegex("^number of failed transactions: 0 ", RegexOptions.Multiline, 1000)]
    private static partial Regex NoneFailed();
}

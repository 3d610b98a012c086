using System.Diagnostics;

namespace Gatehouse.Testing;

/// <summary>A program of somebody else's that our own work is held against, such as <c>oathtool</c>.</summary>
public static class Tool
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(20);

    /// <summary>What it writes, without the line's end. It has to be installed, and to succeed.</summary>
    /// <param name="program">Its name; <c>./test</c> installs it.</param>
    /// <param name="package">What Debian and Ubuntu call it.</param>
    /// <param name="cancellation">Ends the wait, and it.</param>
    /// <param name="arguments">Word by word.</param>
    public static async Task<string> Run(
        string program, string package, CancellationToken cancellation, params string[] arguments)
    {
        Engine.Require(IsInstalled(program), program, $"Debian, Ubuntu: apt-get install {package}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(EndWithin);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? output.TrimEnd()
                : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}

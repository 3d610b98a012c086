using System.Diagnostics;

namespace Gatehouse.Host.Tests;

/// <summary>The built program, in a working folder of its own, with no settings but those a test gives it.</summary>
internal sealed class Executable : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Folder { get; } = Directory.CreateTempSubdirectory("gatehouse-host-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; set; } = "";

    /// <summary>Runs one command to its end.</summary>
    public async Task<Outcome> Run(params string[] arguments)
    {
        using var process = Process.Start(Prepare(arguments))!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(Input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new Outcome(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private ProcessStartInfo Prepare(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "gatehouse.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys
            .Where(n => n.StartsWith("GATEHOUSE_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors);

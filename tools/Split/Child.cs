using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gatehouse.Split;

/// <summary>
/// One run of a part. A session of its own keeps the terminal's Ctrl-C from it, and on Linux it never outlives this
/// process.
/// </summary>
internal sealed class Child : IDisposable
{
    private static readonly string[] Ours = ["GATEHOUSE_", "RABBITMQ_", "ERL_", "PG"];
    private readonly Process process = new();
    private readonly TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers the exit code (128 + n after signal n).</summary>
    public Task<int> Ended => ended.Task;

    public int Id => process.Id;

    /// <param name="part">What to run.</param>
    /// <param name="said">Gets each line of its output.</param>
    public static Child Start(Part part, Action<string> said)
    {
        var child = new Child();
        string[] line = [.. Wrapper(part), part.Program, .. part.Arguments];
        var info = child.process.StartInfo = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = part.Folder,
        };
        foreach (var name in info.Environment.Keys.Where(key => Ours.Any(key.StartsWith)).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in part.Environment)
        {
            info.Environment[name] = value;
        }

        child.process.OutputDataReceived += (_, one) => Pass(one.Data, said);
        child.process.ErrorDataReceived += (_, one) => Pass(one.Data, said);
        child.StartOnThreadOfItsOwn(part.Name);
        return child;
    }

    public void Send(Signal signal)
    {
        if (!Ended.IsCompleted)
        {
            _ = Kill(process.Id, (int)signal);
        }
    }

    /// <summary>Runs a short command of the engines to its end; answers its exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Said)> Run(Part part, CancellationToken cancellation)
    {
        var said = new List<string>();
        using var child = Start(part, line =>
        {
            lock (said)
            {
                said.Add(line);
            }
        });
        var code = await child.Ended.WaitAsync(part.StartWithin, cancellation);
        lock (said)
        {
            return (code, string.Join('\n', said));
        }
    }

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>When it has ended, or is not to be heard of any more.</summary>
    public void Dispose()
    {
        Send(Signal.Kill);
        if (Ended.IsCompleted)
        {
            process.Dispose();
        }
    }

    private static IEnumerable<string> Wrapper(Part part)
    {
        if (!Programs.Has("setsid") || !Programs.Has("setpriv"))
        {
            return [];
        }

        string[] asUser = part.User is not null && IsRoot
            ? [$"--reuid={part.User}", $"--regid={part.User}", "--init-groups"]
            : [];
        return ["setsid", "setpriv", .. asUser, "--pdeathsig", part.WhenAbandoned.ToString().ToUpperInvariant()];
    }

    /// <summary>The death of the starting thread counts as that of the parent, so that thread waits.</summary>
    private void StartOnThreadOfItsOwn(string name)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                process.StandardInput.Close();
                started.SetResult();
            }
            catch (Exception failure)
            {
                started.SetException(failure);
                return;
            }

            process.WaitForExit();
            ended.SetResult(process.ExitCode);
        })
        {
            IsBackground = true,
            Name = name,
        }.Start();
        started.Task.GetAwaiter().GetResult();
    }

    private static void Pass(string? line, Action<string> said)
    {
        if (line is not null)
        {
            said(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gatehouse.Testing;

public enum Signal
{
    Quit = 3,
    Kill = 9,
    Term = 15,
}

/// <summary>
/// A program started by the tests: its output is kept, and on Linux it never outlives the test process.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private const string Setpriv = "/usr/bin/setpriv";
    private const int LinesMax = 20_000;

    private readonly Process process = new();
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<string> errors = new();

    private Thread? keeper;

    private ChildProcess(ProcessStartInfo info)
    {
        process.StartInfo = info;
        process.OutputDataReceived += (_, line) => Keep(lines, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Standard output so far.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    /// <summary>Standard error so far.</summary>
    public IReadOnlyList<string> Errors => [.. errors];

    /// <param name="program">Looked up in PATH unless it is a path.</param>
    /// <param name="arguments">Passed on unchanged.</param>
    /// <param name="prepare">Sets the environment and the working folder.</param>
    /// <param name="whenAbandoned">What the system sends it when the test process dies without saying good-bye.</param>
    /// <param name="user">Who it runs as, when the tests run as root.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        Action<ProcessStartInfo>? prepare = null,
        Signal whenAbandoned = Signal.Kill,
        string? user = null)
    {
        string[] wrapper = [.. Wrapper(whenAbandoned, user)];
        var info = new ProcessStartInfo(wrapper.FirstOrDefault() ?? program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in wrapper.Length == 0 ? arguments : [.. wrapper.Skip(1), program, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        prepare?.Invoke(info);
        var child = new ChildProcess(info);
        child.StartOnThreadOfItsOwn();
        return child;
    }

    public void Send(Signal signal)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, (int)signal);
        }
    }

    /// <summary>Waits for the end and answers the exit code (128 + n after signal n).</summary>
    public async Task<int> Exited(TimeSpan within, CancellationToken cancellation = default)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(within, cancellation);
        return process.ExitCode;
    }

    public bool WaitForExit(TimeSpan within) => process.WaitForExit(within);

    /// <summary>What it said, for the text of a failure.</summary>
    public string Said()
    {
        if (process.HasExited)
        {
            keeper?.Join(TimeSpan.FromSeconds(2));
        }

        return string.Join('\n', lines.Concat(errors).TakeLast(60));
    }

    public void Dispose()
    {
        Send(Signal.Kill);
        if (keeper?.Join(TimeSpan.FromSeconds(5)) != false)
        {
            process.Dispose();
        }
    }

    private static IEnumerable<string> Wrapper(Signal whenAbandoned, string? user)
    {
        if (!File.Exists(Setpriv))
        {
            return [];
        }

        string[] asUser = user is not null && Environment.IsPrivilegedProcess
            ? [$"--reuid={user}", $"--regid={user}", "--init-groups"]
            : [];
        return [Setpriv, .. asUser, "--pdeathsig", whenAbandoned.ToString().ToUpperInvariant()];
    }

    /// <summary>
    /// The parent death signal is sent when the starting thread ends, so that thread waits as long as the child lives.
    /// </summary>
    private void StartOnThreadOfItsOwn()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        keeper = new Thread(() =>
        {
            try
            {
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                process.StandardInput.Close();
                started.SetResult();
            }
            catch (Exception e)
            {
                started.SetException(e);
                return;
            }

            process.WaitForExit();
        })
        {
            IsBackground = true,
            Name = "child " + process.StartInfo.FileName,
        };
        keeper.Start();
        started.Task.GetAwaiter().GetResult();
    }

    private static void Keep(ConcurrentQueue<string> kept, string? line)
    {
        if (line is null)
        {
            return;
        }

        kept.Enqueue(line);
        while (kept.Count > LinesMax)
        {
            kept.TryDequeue(out _);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int Kill(int process, int signal);
}

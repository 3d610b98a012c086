using System.Runtime.InteropServices;

namespace Gatehouse.Testing;

/// <summary>
/// Cleans up when the test process ends: by itself, by Ctrl-C, or because a runner was cancelled (SIGTERM, SIGHUP).
/// </summary>
internal static class ProcessEnd
{
    private static readonly Lock Gate = new();
    private static readonly Stack<Action> Actions = [];
    private static bool ended;

    // Since .NET 10 the runtime no longer turns SIGTERM into ProcessExit.
    private static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => CleanUp()),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => CleanUp()),
    ];

    static ProcessEnd() => AppDomain.CurrentDomain.ProcessExit += (_, _) => CleanUp();

    /// <summary>The last one registered runs first.</summary>
    public static void Do(Action action)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(ended, typeof(ProcessEnd));
            Actions.Push(action);
        }

        GC.KeepAlive(Signals);
    }

    private static void CleanUp()
    {
        lock (Gate)
        {
            ended = true;
            while (Actions.TryPop(out var action))
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    Console.Error.WriteLine($"Cleaning up after the tests: {e.Message}");
                }
            }
        }
    }
}

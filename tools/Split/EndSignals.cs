using System.Runtime.InteropServices;

namespace Gatehouse.Split;

/// <summary>Ctrl-C, a closed terminal or SIGTERM ask for the end; the same once more asks for it at once.</summary>
internal sealed class EndSignals : IDisposable
{
    private readonly CancellationTokenSource asked = new();
    private readonly CancellationTokenSource insisted = new();
    private readonly PosixSignalRegistration[] registrations;

    public EndSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take),
    ];

    public CancellationToken Asked => asked.Token;

    public CancellationToken Insisted => insisted.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        asked.Dispose();
        insisted.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true;
        (asked.IsCancellationRequested ? insisted : asked).Cancel();
    }
}

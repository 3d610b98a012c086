using Gatehouse.Testing;

namespace Gatehouse.Bench.Events;

/// <summary>Several instances at once, one of which is killed now and then.</summary>
internal sealed class EventInstances : IDisposable
{
    private const int Count = 2;
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(10);

    private readonly Func<ChildProcess> start;
    private readonly ChildProcess[] running;

    public EventInstances(Func<ChildProcess> start)
    {
        this.start = start;
        running = [.. Enumerable.Range(0, Count).Select(_ => start())];
    }

    public int Kills { get; private set; }

    /// <summary>SIGKILL to any of them, and another in its place.</summary>
    public void KillOne()
    {
        var victim = Random.Shared.Next(Count);
        running[victim].Send(Signal.Kill);
        running[victim].WaitForExit(GoneWithin);
        running[victim].Dispose();
        running[victim] = start();
        Kills++;
    }

    public void ThrowIfEnded()
    {
        if (running.FirstOrDefault(instance => instance.HasExited) is { } ended)
        {
            throw new InvalidOperationException($"A process ended by itself.\n{ended.Said()}");
        }
    }

    public void Dispose()
    {
        foreach (var instance in running)
        {
            instance.Dispose();
        }
    }
}

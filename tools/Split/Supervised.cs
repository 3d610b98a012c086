using System.Diagnostics;

namespace Gatehouse.Split;

/// <summary>
/// Keeps one part running: what ends by itself is started again, later and later while it keeps ending.
/// </summary>
internal sealed class Supervised(Part part, Board board, string logs) : IDisposable
{
    private static readonly TimeSpan WaitMin = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan KilledWithin = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly LogFile log = new(Path.Combine(logs, $"{part.Name}.log"));
    private Child? child;
    private Task keeping = Task.CompletedTask;
    private volatile bool isReady;

    public string Name => part.Name;

    public int Id => child?.Id ?? 0;

    /// <exception cref="SplitException">It ended, or was not ready in time.</exception>
    public async Task Start(CancellationToken cancellation)
    {
        var first = Launch();
        if (!await BecomesReady(first, cancellation))
        {
            throw new SplitException(
                $"{part.Name} {(first.Ended.IsCompleted ? Words(await first.Ended) : "is not ready")}. " +
                $"Its log is {log.Path}, and ends:\n{log.Last}");
        }

        isReady = true;
        keeping = Keep(first);
    }

    /// <summary>Asks it to end, and ends it when it does not, or when nobody waits any more.</summary>
    public async Task Stop(CancellationToken insisted)
    {
        Child? last;
        lock (gate)
        {
            stopping.Cancel();
            isReady = false; // what it says of its end is for its log
            last = child;
        }

        if (last is not null)
        {
            last.Send(part.End);
            try
            {
                await last.Ended.WaitAsync(part.EndWithin, insisted);
            }
            catch (Exception late) when (late is TimeoutException or OperationCanceledException)
            {
                last.Send(Signal.Kill);
                try
                {
                    await last.Ended.WaitAsync(KilledWithin, CancellationToken.None);
                }
                catch (TimeoutException)
                {
                    // In the kernel, or its output is held open by somebody: nothing more can be done here.
                    board.Tell(part.Name, $"process {last.Id} does not end");
                    return;
                }
            }
        }

        await keeping;
    }

    public void Dispose()
    {
        child?.Dispose();
        log.Dispose();
        stopping.Dispose();
    }

    private async Task Keep(Child running)
    {
        var wait = WaitMin;
        while (true)
        {
            var watch = Stopwatch.StartNew();
            var code = await running.Ended;
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            wait = watch.Elapsed > Calm ? WaitMin : wait;
            board.Tell(part.Name, $"{Words(code)}; starting it again in {wait.TotalSeconds:0.#} s");
            try
            {
                await Task.Delay(wait, stopping.Token);
                wait = wait * 2 < WaitMax ? wait * 2 : WaitMax;
                running.Dispose();
                running = Launch();
                if (await BecomesReady(running, stopping.Token))
                {
                    board.Tell(part.Name, $"is back, process {running.Id}");
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private Child Launch()
    {
        lock (gate)
        {
            stopping.Token.ThrowIfCancellationRequested();
            return child = Child.Start(part, Said);
        }
    }

    private async Task<bool> BecomesReady(Child one, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (!one.Ended.IsCompleted && watch.Elapsed < part.StartWithin)
        {
            if (await part.IsReady(cancellation))
            {
                return true;
            }

            await Task.Delay(LookEvery, cancellation);
        }

        return false;
    }

    // While it starts, a fault is told once, by the exception.
    private void Said(string line)
    {
        log.Add(line);
        if (isReady && part.IsError(line))
        {
            board.Tell(part.Name, line);
        }
    }

    private static string Words(int code) =>
        code > 128 ? $"was ended by signal {code - 128}" : $"ended with exit code {code}";
}

using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Destinations;

/// <summary>Asks one destination again and again. Each has its own, so that one that hangs delays no other.</summary>
#pragma warning disable CA1001 // A source of cancellation without timer and handle holds nothing to let go.
internal sealed class ProbeLoop(
    ProbePlan plan, Func<CancellationToken, Task<string?>> ask, SemaphoreSlim places, TimeProvider time)
#pragma warning restore CA1001
{
    private const double Jitter = 0.1;

    private readonly CancellationTokenSource stop = new();

    public ProbePlan Plan => plan;

    public void Start(Action<ProbeLoop, ProbeReport> report) => _ = Task.Run(() => Run(report));

    public void Stop() => stop.Cancel();

    private async Task Run(Action<ProbeLoop, ProbeReport> report)
    {
        try
        {
            while (true)
            {
                report(this, await Probe());
                // Not in step with other gateways, nor with the other destinations.
                var factor = 1 - Jitter + (2 * Jitter * Random.Shared.NextDouble());
                await Task.Delay(plan.Rule.Interval * factor, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private async Task<ProbeReport> Probe()
    {
        await places.WaitAsync(stop.Token);
        var began = time.GetTimestamp();
        try
        {
            using var late = new CancellationTokenSource(plan.Rule.Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop.Token);
            return Report(began, await ask(either.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Report(began, "timeout");
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // Whatever it was, it was no good answer; and the loop must not end of it.
            return Report(began, fault.GetType().Name);
        }
        finally
        {
            places.Release();
        }
    }

    private ProbeReport Report(long began, string? fault) => new(time.Now(), time.GetElapsedTime(began), fault);
}

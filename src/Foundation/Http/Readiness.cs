using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Whether this instance wants requests. At SIGTERM it says no first, and waits so that balancers hear it, before the
/// server stops taking connections.
/// </summary>
public sealed class Readiness(HttpOptions options, TimeProvider time) : IHostedLifecycleService
{
    private volatile bool draining;

    public bool IsDraining => draining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        draining = true;
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The shutdown deadline came first: stop now.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

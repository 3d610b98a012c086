using Gatehouse.Contracts.Gateway;
using Gatehouse.Foundation.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Registry;

/// <summary>
/// Registers each module of this process in the gateway's cluster of its name once the process is ready, and takes them
/// out first of all when it is told to stop: before it is no longer ready, and before it stops to take connections.
/// </summary>
internal sealed class SelfRegistration : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadyPause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stopping = new();
    private readonly HttpClient http;
    private readonly HealthReports health;
    private readonly TimeProvider time;
    private readonly IReadOnlyList<Membership> memberships;
    private Task running = Task.CompletedTask;

    public SelfRegistration(
        RegistryOptions options, RegisteredModules modules, HealthReports health, TimeProvider time,
        ILogger<Membership> log)
    {
        this.health = health;
        this.time = time;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            // So that a name that leads elsewhere by now is looked up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = CallMax,
        };
        var registries = options.Url
            .Select(url => (IServiceRegistry)new ServiceRegistryClient(http, new Uri(url), options.Key)).ToList();
        memberships = registries.Count == 0 ? [] : [.. modules.Names.Select(name => new Membership(
            new RegisterService(
                name, options.Id, options.Address, options.Weight, options.Tags, null, options.LeaseSeconds),
            TimeSpan.FromSeconds(options.LeaseSeconds), registries, time, log))];
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        running = memberships.Count == 0 ? Task.CompletedTask : Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(CallMax);
        try
        {
            await running.WaitAsync(bound.Token);
            await Task.WhenAll(memberships.Select(membership => membership.Leave(bound.Token)));
        }
        catch (OperationCanceledException)
        {
            // The leases run out.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        stopping.Dispose();
        http.Dispose();
    }

    private async Task Run()
    {
        try
        {
            while ((await health.Latest(stopping.Token)).Status == HealthStatus.Unhealthy)
            {
                await Task.Delay(ReadyPause, time, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await Task.WhenAll(memberships.Select(membership => membership.Run(stopping.Token)));
    }
}

/// <summary>What this process serves that gateways forward to.</summary>
internal sealed record RegisteredModules(IReadOnlyList<string> Names);

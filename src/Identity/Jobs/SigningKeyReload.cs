using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Jobs;

/// <summary>
/// Keeps this instance's memory of the keys young, with no request waiting for it. One that cannot be read stays as it
/// was, and whoever signs notices its age.
/// </summary>
internal sealed partial class SigningKeyReload(
    SigningKeyService keys,
    KeyRotationService rotation,
    [FromKeyedServices(IdentityModule.Key)] Database database,
    TimeProvider time,
    ILogger<SigningKeyReload> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Of another algorithm than the settings now say, perhaps.
        await Quietly(() => rotation.Tend(stoppingToken), stoppingToken);
        var changed = database.Signal(ISigningKeyRepository.Topic);
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = changed.Next;
            await Quietly(() => keys.Reload(stoppingToken), stoppingToken);
            await Signal.Wait(next, keys.ReloadPause, time, stoppingToken);
        }
    }

    private async Task Quietly(Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogFailed(exception.GetType().Name);
        }
    }

    [LoggerMessage(3023, LogLevel.Warning, "The signing keys could not be read ({Reason}); trying again")]
    private partial void LogFailed(string reason);
}

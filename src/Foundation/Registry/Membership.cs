using Gatehouse.Contracts.Gateway;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Registry;

/// <summary>
/// Keeps one module in the registry: registers, renews at a third of the lease, and registers again when it was
/// forgotten. A gateway that is away is asked again; nothing else waits for it.
/// </summary>
/// <param name="registries">Of gateways that share one registry.</param>
internal sealed partial class Membership(
    RegisterService service,
    TimeSpan lease,
    IReadOnlyList<IServiceRegistry> registries,
    TimeProvider time,
    ILogger<Membership> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private int asked;
    private bool isRegistered;
    private bool mayBeRegistered;
    private int failures;

    private IServiceRegistry Registry => registries[asked % registries.Count];

    /// <summary>Until it is told to stop; a call that is under way then is waited for.</summary>
    public async Task Run(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await Task.Delay(await Pass(), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next act is to say so.
        }
    }

    /// <summary>Before requests are refused here, so that none is sent any more.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        if (!mayBeRegistered)
        {
            return;
        }

        for (var attempt = 0; attempt < registries.Count; attempt++)
        {
            try
            {
                var left = await Registry.Deregister(service.Cluster!, service.Id!, cancellation);
                if (!left.Failed(out var refusal) || refusal.Code.Status == ProblemCodes.NotFound.Status)
                {
                    LogLeft(service.Cluster!);
                    return;
                }
            }
            catch (Exception exception) when (IsSilence(exception))
            {
                // The next one may be there.
            }

            asked++;
        }

        // The lease runs out.
        LogNotLeft(service.Cluster!);
    }

    /// <summary>One call, or two where the first tells that it was forgotten; answers when to come back.</summary>
    private async Task<TimeSpan> Pass()
    {
        try
        {
            if (isRegistered)
            {
                var renewed = await Registry.Renew(service.Cluster!, service.Id!, CancellationToken.None);
                if (!renewed.Failed(out var refusal))
                {
                    return Succeeded();
                }

                if (refusal.Code.Status != ProblemCodes.NotFound.Status)
                {
                    return Failed(refusal.Detail);
                }

                isRegistered = false;
            }

            mayBeRegistered = true;
            var registered = await Registry.Register(service, CancellationToken.None);
            if (registered.Failed(out var problem))
            {
                return Failed($"{problem.Code.Name}: {problem.Detail}");
            }

            isRegistered = true;
            LogRegistered(service.Cluster!, service.Id!, service.Address!);
            return Succeeded();
        }
        catch (Exception exception) when (IsSilence(exception))
        {
            asked++;
            return Failed(exception.Message);
        }
    }

    private TimeSpan Succeeded()
    {
        if (failures > 0)
        {
            LogBack(service.Cluster!, failures);
        }

        failures = 0;
        // Never all at once after a gateway's start.
        return lease / 3 * (0.9 + (Random.Shared.NextDouble() * 0.2));
    }

    private TimeSpan Failed(string reason)
    {
        if (failures++ == 0)
        {
            LogAway(service.Cluster!, reason);
        }

        var longest = FirstPause * Math.Pow(2, Math.Min(failures, 10));
        return (longest < lease / 3 ? longest : lease / 3) * (0.5 + (Random.Shared.NextDouble() * 0.5));
    }

    private static bool IsSilence(Exception exception) => exception is HttpRequestException or TaskCanceledException;

    [LoggerMessage(11230, LogLevel.Information, "Registered in cluster {Cluster} as {Id} at {Address}")]
    private partial void LogRegistered(string cluster, string id, string address);

    [LoggerMessage(11231, LogLevel.Warning,
        "Not registered in cluster {Cluster}, trying again: {Reason}")]
    private partial void LogAway(string cluster, string reason);

    [LoggerMessage(11232, LogLevel.Information, "The registry has cluster {Cluster} again after {Failures} failures")]
    private partial void LogBack(string cluster, int failures);

    [LoggerMessage(11233, LogLevel.Information, "Deregistered from cluster {Cluster}")]
    private partial void LogLeft(string cluster);

    [LoggerMessage(11234, LogLevel.Warning, "Not deregistered from cluster {Cluster}: its lease has to run out")]
    private partial void LogNotLeft(string cluster);
}

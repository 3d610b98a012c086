using Gatehouse.Gateway.Services;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Makes what is known of destinations follow the file, while the process serves.</summary>
internal sealed class DestinationFollower(Snapshots snapshots, ClusterStates clusters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        snapshots.Swapped = clusters.Follow;
        clusters.Follow(snapshots.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        snapshots.Swapped = null;
        return Task.CompletedTask;
    }
}

using System.Collections.Concurrent;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Connections, shared by clusters that connect alike.</summary>
internal sealed class Upstreams : IDisposable
{
    private readonly ConcurrentDictionary<TimeSpan, Lazy<SocketsUpstream>> byConnectTimeout = new();

    public IUpstream Of(Cluster cluster) => byConnectTimeout.GetOrAdd(
        cluster.ConnectTimeout,
        static (_, model) => new Lazy<SocketsUpstream>(() => new SocketsUpstream(model)),
        cluster).Value;

    public void Dispose()
    {
        foreach (var upstream in byConnectTimeout.Values)
        {
            upstream.Value.Dispose();
        }
    }
}

using System.Collections.Concurrent;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Connections, shared by clusters that connect alike.</summary>
internal sealed class Upstreams : IDisposable
{
    private readonly ConcurrentDictionary<TimeSpan, Lazy<SocketsUpstream>> byConnectTimeout = new();

    public IUpstream Of(Cluster cluster) => Of(cluster.ConnectTimeout);

    public IUpstream Of(TimeSpan connectTimeout) => byConnectTimeout.GetOrAdd(
        connectTimeout,
        static time => new Lazy<SocketsUpstream>(() => new SocketsUpstream(time))).Value;

    public void Dispose()
    {
        foreach (var upstream in byConnectTimeout.Values)
        {
            upstream.Value.Dispose();
        }
    }
}

using System.Collections.Frozen;
using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Registry;
using Gatehouse.Gateway.Services;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Gateway.Tests.Registry;

/// <summary>What of a gateway keeps registrations, on a database that others may share.</summary>
internal sealed class GatewayNode : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private GatewayNode(ServiceProvider services) => this.services = services;

    public IMemberStore Store => services.GetRequiredService<IMemberStore>();

    public MemberSet Members => services.GetRequiredService<MemberSet>();

    /// <summary>As <c>cluster/id</c>, in order.</summary>
    public string Ids => string.Join(
        ' ', Members.Current.Select(member => $"{member.Member.Key.Cluster}/{member.Member.Key.Id}"));

    public static async Task<GatewayNode> Start(TestDatabase database, TimeProvider time)
    {
        var parts = new ServiceCollection().AddLogging().AddSingleton(time);
        parts.AddSingleton(new GatewayOptions { File = "gateway.yaml" });
        parts.AddSingleton(database.Options);
        parts.AddSingleton<Snapshots>();
        parts.AddRegistry().AddForwarding();
        var node = new GatewayNode(parts.BuildServiceProvider());
        await new Migrator(
            node.services.GetServices<MigratedDatabase>(), time, NullLogger<Migrator>.Instance)
            .Up(null, TestContext.Current.CancellationToken);
        node.Swap(Taking("shop", "shop"));
        foreach (var service in node.services.GetServices<IHostedService>())
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        return node;
    }

    /// <summary>Right after another file: how many servers its cluster has.</summary>
    public int TargetsOfNew(string cluster, string registered)
    {
        var taking = Taking(cluster, registered);
        Swap(taking);
        return services.GetRequiredService<ClusterStates>().Of(taking).Members.Eligible.Targets.Length;
    }

    private void Swap(Cluster cluster) => services.GetRequiredService<Snapshots>().Swap(new Snapshot(
        1, "", RouteTable.Of([]),
        new[] { cluster }.ToFrozenDictionary(one => one.Id, StringComparer.Ordinal)));

    private static Cluster Taking(string cluster, string registered) =>
        new() { Id = cluster, Destinations = [], Registry = new RegistryRule(registered, []) };

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await services.DisposeAsync();
    }
}

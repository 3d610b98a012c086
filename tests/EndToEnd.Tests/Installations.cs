using Gatehouse.EndToEnd.Tests;
using Gatehouse.Foundation.Data;

[assembly: AssemblyFixture(typeof(Installations))]

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// One running installation a topology, shared by the tests that do it no harm; started when first asked for.
/// </summary>
public sealed class Installations : IAsyncDisposable
{
    // Tests listen there for webhooks.
    private static readonly (string, string) Loopback = ("GATEHOUSE_WEBHOOKS__ALLOWEDHOSTS", "127.0.0.1");

    private readonly Lazy<Task<Installation>> sqlite =
        new(() => Installation.Start(DatabaseProvider.Sqlite, Loopback));
    private readonly Lazy<Task<Installation>> postgres =
        new(() => Installation.Start(DatabaseProvider.Postgres, Loopback));
    private readonly Lazy<Task<Installation>> split = new(() => Installation.StartSplit(Loopback));

    public Task<Installation> On(Topology topology) => (topology switch
    {
        Topology.Sqlite => sqlite,
        Topology.Postgres => postgres,
        _ => split,
    }).Value;

    /// <summary>In one process.</summary>
    public Task<Installation> On(DatabaseProvider provider) =>
        On(provider == DatabaseProvider.Sqlite ? Topology.Sqlite : Topology.Postgres);

    public async ValueTask DisposeAsync()
    {
        foreach (var started in new[] { sqlite, postgres, split }.Where(one =>
            one is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }))
        {
            await (await started.Value).DisposeAsync();
        }
    }
}

/// <summary>Tests that load the machine or measure time: one after another, when the others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

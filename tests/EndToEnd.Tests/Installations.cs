using Gatehouse.EndToEnd.Tests;
using Gatehouse.Foundation.Data;

[assembly: AssemblyFixture(typeof(Installations))]

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// One running installation an engine, shared by the tests that do it no harm; started when first asked for.
/// </summary>
public sealed class Installations : IAsyncDisposable
{
    private readonly Lazy<Task<Installation>> sqlite = new(() => Installation.Start(DatabaseProvider.Sqlite));
    private readonly Lazy<Task<Installation>> postgres = new(() => Installation.Start(DatabaseProvider.Postgres));

    public Task<Installation> On(DatabaseProvider provider) =>
        (provider == DatabaseProvider.Sqlite ? sqlite : postgres).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var started in new[] { sqlite, postgres }.Where(one =>
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

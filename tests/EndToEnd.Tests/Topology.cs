using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>How an installation is laid out; who uses it over HTTP is not to notice.</summary>
public enum Topology
{
    /// <summary>One process on SQLite.</summary>
    Sqlite,

    /// <summary>One process on PostgreSQL.</summary>
    Postgres,

    /// <summary>
    /// A gateway before processes with a module each, two of them ticketing's, on PostgreSQL, Redis and RabbitMQ.
    /// </summary>
    Split,
}

/// <summary>
/// Runs the test in one process on SQLite and on PostgreSQL, and with GATEHOUSE_TEST_TOPOLOGY=split in a split
/// deployment alone. Its only argument is the <see cref="Topology"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TheoryDiscoverer))]
public class InEveryTopologyAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IDataAttribute
{
    private const string Variable = "GATEHOUSE_TEST_TOPOLOGY";

    protected virtual IEnumerable<Topology> Usually => [Topology.Sqlite, Topology.Postgres];

    bool? IDataAttribute.Explicit => null;

    string? IDataAttribute.Label => null;

    string? IDataAttribute.TestDisplayName => null;

    int? IDataAttribute.Timeout => null;

    string[]? IDataAttribute.Traits => null;

    ValueTask<IReadOnlyCollection<ITheoryDataRow>> IDataAttribute.GetData(
        MethodInfo testMethod, DisposalTracker disposal) =>
        new([.. (Asked() is { } one ? [one] : Usually).Select(Row)]);

    bool IDataAttribute.SupportsDiscoveryEnumeration() => true;

    private static Topology? Asked() =>
        Enum.TryParse<Topology>(Environment.GetEnvironmentVariable(Variable), ignoreCase: true, out var one)
            ? one
            : null;

    private static TheoryDataRow<Topology> Row(Topology topology)
    {
        var row = new TheoryDataRow<Topology>(topology);
        row.Traits.Add("topology", [topology.ToString().ToLowerInvariant()]);
        return row;
    }
}

/// <summary>One of those that go through each flow once: they run in all three topologies always.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TheoryDiscoverer))]
public sealed class FlowAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1)
    : InEveryTopologyAttribute(sourceFilePath, sourceLineNumber)
{
    /// <summary>False where the database makes no difference.</summary>
    public bool Postgres { get; set; } = true;

    protected override IEnumerable<Topology> Usually =>
        Enum.GetValues<Topology>().Where(one => Postgres || one != Topology.Postgres);
}

using System.Reflection;
using System.Runtime.CompilerServices;
using Gatehouse.Foundation.Data;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Gatehouse.Testing;

/// <summary>
/// Runs the test once on SQLite and once on PostgreSQL; its only argument is the <see cref="DatabaseProvider"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(TheoryDiscoverer))]
public sealed class OnEveryDatabaseAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IDataAttribute
{
    bool? IDataAttribute.Explicit => null;

    string? IDataAttribute.Label => null;

    string? IDataAttribute.TestDisplayName => null;

    int? IDataAttribute.Timeout => null;

    string[]? IDataAttribute.Traits => null;

    ValueTask<IReadOnlyCollection<ITheoryDataRow>> IDataAttribute.GetData(
        MethodInfo testMethod, DisposalTracker disposal) =>
        new([.. Enum.GetValues<DatabaseProvider>().Select(provider => new TheoryDataRow<DatabaseProvider>(provider))]);

    bool IDataAttribute.SupportsDiscoveryEnumeration() => true;
}

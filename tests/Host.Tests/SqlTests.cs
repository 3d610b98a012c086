using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Modules;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>
/// Every statement of every module that is served, and Foundation's in a module that has its tables, is prepared by
/// both engines: a module that brings no such test of its own is not forgotten.
/// </summary>
public sealed class SqlTests
{
    private const int StatementsMin = 40;

    [OnEveryDatabase]
    public async Task Every_statement_of_every_module_fits_its_schema(DatabaseProvider provider)
    {
        var found = 0;
        foreach (var module in Modules.All)
        {
            await using var database = TestDatabase.Create(provider);
            var texts = SqlTexts.Of(module.GetType().Assembly, provider);
            found += texts.Count;
            var faults = await Faults(database, module, texts);
            Assert.True(faults.Count == 0, string.Join("\n", faults));
        }

        Assert.True(found >= StatementsMin, $"Only {found} statements were found.");
    }

    [OnEveryDatabase]
    public async Task Every_statement_of_the_foundation_fits_the_tables_of_ticketing(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        // PostgreSQL prepares no CREATE TABLE, and each migration runs that one.
        var texts = SqlTexts.Of(typeof(Outbox).Assembly, provider)
            .Where(text => !text.Text.StartsWith("CREATE ", StringComparison.Ordinal)).ToList();

        Assert.Contains(texts, text => text.Name.Contains(nameof(Outbox), StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Name.Contains(nameof(IdempotencyKeys), StringComparison.Ordinal));
        Assert.Empty(await Faults(database, Ticketing, texts));
    }

    [OnEveryDatabase]
    public async Task A_typo_in_a_column_is_found(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var faults = await Faults(
            database, Ticketing, [("Typo", "UPDATE pools SET slod = @sold WHERE event_id = @eventId")]);
        Assert.Contains("slod", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static IModule Ticketing => Modules.All.Single(module => module.Name == "ticketing");

    private static Task<IReadOnlyList<string>> Faults(
        TestDatabase database, IModule module, IEnumerable<(string Name, string Text)> texts) =>
        SqlTexts.Faults(database, module.Name, module.GetType().Assembly, texts, TestContext.Current.CancellationToken);
}

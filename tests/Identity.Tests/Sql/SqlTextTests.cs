using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Sql;

public sealed class SqlTextTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Every_statement_fits_the_schema(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var module = typeof(IdentityModule).Assembly;
        var texts = SqlTexts.Of(module, provider);

        Assert.NotEmpty(texts);
        Assert.Empty(await SqlTexts.Faults(database, "identity", module, texts, cancellation));
    }

    [OnEveryDatabase]
    public async Task A_typo_in_a_column_is_found(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var module = typeof(IdentityModule).Assembly;

        var faults = await SqlTexts.Faults(
            database, "identity", module, [("Typo", "SELECT emial FROM users WHERE id = @id")], cancellation);

        Assert.StartsWith("Typo: ", Assert.Single(faults), StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task The_way_down_leaves_nothing_and_up_works_again(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var migrator = identity.Get<Migrator>();

        await migrator.Down("identity", 1, cancellation);
        Assert.All(await migrator.Status(cancellation), migration => Assert.Null(migration.AppliedAt));
        await migrator.Up("identity", cancellation);

        await identity.AddAccount("ada@example.org");
    }
}

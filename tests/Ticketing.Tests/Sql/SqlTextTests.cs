using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Sql;

public sealed class SqlTextTests
{
    [OnEveryDatabase]
    public async Task Every_statement_fits_the_schema(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var module = typeof(TicketingModule).Assembly;
        var texts = SqlTexts.Of(module, provider);

        Assert.NotEmpty(texts);
        Assert.Empty(await SqlTexts.Faults(
            database, "ticketing", module, texts, TestContext.Current.CancellationToken));
    }
}

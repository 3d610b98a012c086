using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Journal.Sql;

internal sealed class JournalStateRepository([FromKeyedServices(JournalModule.DatabaseName)] Database database)
    : IJournalStateRepository
{
    public async Task<IReadOnlyDictionary<UserId, Guid>> Find(IReadOnlyCollection<UserId> owners)
    {
        await using var session = await database.Read(CancellationToken.None);
        var ids = owners.Select(owner => owner.Value).ToArray();
        var rows = await (session.IsPostgres
            ? session.Query<StateRow>(Sql.Find.Postgres, new { userIds = ids })
            : session.Query<StateRow>(Sql.Find.Sqlite, new { userIds = JsonSerializer.Serialize(ids) }));
        return rows.ToDictionary(row => new UserId(row.UserId), row => row.State);
    }

    private sealed class StateRow
    {
        public Guid UserId { get; init; }

        public Guid State { get; init; }
    }

    private static class Sql
    {
        public static class Find
        {
            public const string Sqlite =
                """
                SELECT j.user_id, j.state
                FROM json_each(@userIds) AS asked
                JOIN journals j ON j.user_id = asked.value
                """;

            public const string Postgres =
                """
                SELECT user_id, state
                FROM journals
                WHERE user_id = ANY(CAST(@userIds AS uuid[]))
                """;
        }
    }
}

using Gatehouse.Contracts;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Writes integration events into the module's own <c>outbox</c> table, in the transaction of the change they tell of:
/// an event exists if and only if its change was committed.
/// </summary>
public static class Outbox
{
    /// <summary>Wakes the relay.</summary>
    internal const string Topic = "outbox";

    public static Task Add(UnitOfWork unit, IntegrationEvent integrationEvent) => Add(unit, [integrationEvent]);

    public static async Task Add(UnitOfWork unit, IReadOnlyList<IntegrationEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        if (unit.IsPostgres)
        {
            await unit.PutOff(Sql.Insert.Postgres, new
            {
                ids = events.Column(e => e.Id),
                types = events.Column(e => e.Type),
                aggregateIds = events.Column(e => e.AggregateId),
                payloads = events.Column(e => e.ToJson()),
                occurredAts = events.Column(e => e.OccurredAt),
            });
        }
        else
        {
            await unit.Execute(Sql.Insert.Sqlite, events.Column(e => new
            {
                id = e.Id,
                type = e.Type,
                aggregateId = e.AggregateId,
                payload = e.ToJson(),
                occurredAt = e.OccurredAt,
            }));
        }

        await unit.Announce(Topic);
    }

    private static class Sql
    {
        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO outbox (id, type, aggregate_id, payload, occurred_at)
                VALUES (@id, @type, @aggregateId, @payload, @occurredAt)
                """;

            public const string Postgres =
                """
                INSERT INTO outbox (id, type, aggregate_id, payload, occurred_at)
                SELECT id, type, aggregate_id, payload, occurred_at
                FROM unnest(
                    CAST(@ids AS uuid[]), CAST(@types AS text[]), CAST(@aggregateIds AS text[]),
                    CAST(@payloads AS text[]), CAST(@occurredAts AS timestamptz[]))
                    AS o (id, type, aggregate_id, payload, occurred_at)
                """;
        }
    }
}

using Gatehouse.Contracts;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Writes integration events into the module's own <c>outbox</c> table, in the transaction of the change they tell of: an event
/// exists if and only if its change was committed.
/// </summary>
public static class Outbox
{
    public static Task Add(UnitOfWork unit, IntegrationEvent integrationEvent) =>
        unit.Execute(Sql.Insert, new
        {
            id = integrationEvent.Id,
            type = integrationEvent.Type,
            aggregateId = integrationEvent.AggregateId,
            payload = integrationEvent.ToJson(),
            occurredAt = integrationEvent.OccurredAt,
        });

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO outbox (id, type, aggregate_id, payload, occurred_at)
            VALUES (@id, @type, @aggregateId, @payload, @occurredAt)
            """;
    }
}

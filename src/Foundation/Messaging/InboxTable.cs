using System.Text.Json;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Messaging;

/// <summary>The rows of the <c>inbox</c>: which consumer has had which event.</summary>
internal static class InboxTable
{
    /// <summary>Notes events as done; answers those that were not there before.</summary>
    public static async Task<IReadOnlySet<Guid>> Note(
        UnitOfWork unit, string consumer, IReadOnlyList<ReceivedEvent> events, DateTimeOffset now)
    {
        var ids = events.Column(e => e.Id);
        var added = unit.IsPostgres
            ? await unit.Query<Guid>(Sql.Note.Postgres, new { consumer, ids, now })
            : await unit.Query<Guid>(Sql.Note.Sqlite, new { consumer, ids = Json(ids), now });
        return added.ToHashSet();
    }

    /// <summary>Keeps events for a later attempt, unless they are there already.</summary>
    public static Task Keep(
        UnitOfWork unit,
        string consumer,
        IReadOnlyList<ReceivedEvent> events,
        int attempts,
        DateTimeOffset nextAt,
        string? error,
        DateTimeOffset now) => unit.Execute(Sql.Keep, events.Column(e => new
        {
            consumer,
            id = e.Id,
            attempts,
            now,
            nextAt,
            type = StorableText.Of(e.Type, StorableText.NameMax),
            aggregateId = StorableText.Of(e.AggregateId, StorableText.NameMax),
            occurredAt = e.OccurredAt,
            payload = StorableText.Of(e.Payload),
            error,
        }));

    /// <summary>Makes an event a dead letter at once, unless the consumer has it already.</summary>
    public static Task<int> Bury(
        UnitOfWork unit, string consumer, ReceivedEvent buried, Guid deadLetterId, string error, DateTimeOffset now) =>
        unit.Execute(Sql.Bury, new
        {
            consumer,
            id = buried.Id,
            now,
            deadLetterId,
            type = StorableText.Of(buried.Type, StorableText.NameMax),
            aggregateId = StorableText.Of(buried.AggregateId, StorableText.NameMax),
            occurredAt = buried.OccurredAt,
            payload = StorableText.Of(buried.Payload),
            error,
        });

    internal static string Json(Guid[] ids) =>
        JsonSerializer.Serialize(ids, MessagingJson.Default.GuidArray);

    private static class Sql
    {
        public static class Note
        {
            public const string Sqlite =
                """
                INSERT INTO inbox (consumer, event_id, state, attempts, received_at, handled_at)
                SELECT @consumer, value, 'done', 0, @now, @now
                FROM json_each(@ids)
                WHERE true
                ON CONFLICT DO NOTHING
                RETURNING event_id
                """;

            // In one order everywhere, so that two instances with the same events wait for each other instead of
            // deadlocking.
            public const string Postgres =
                """
                INSERT INTO inbox (consumer, event_id, state, attempts, received_at, handled_at)
                SELECT @consumer, id, 'done', 0, @now, @now
                FROM unnest(CAST(@ids AS uuid[])) AS e (id)
                ORDER BY id
                ON CONFLICT DO NOTHING
                RETURNING event_id
                """;
        }

        public const string Keep =
            """
            INSERT INTO inbox (
                consumer, event_id, state, attempts, received_at, next_at,
                type, aggregate_id, occurred_at, payload, error)
            VALUES (
                @consumer, @id, 'waiting', @attempts, @now, @nextAt,
                @type, @aggregateId, @occurredAt, @payload, @error)
            ON CONFLICT DO NOTHING
            """;

        public const string Bury =
            """
            INSERT INTO inbox (
                consumer, event_id, state, attempts, received_at, handled_at, dead_letter_id,
                type, aggregate_id, occurred_at, payload, error)
            VALUES (
                @consumer, @id, 'dead', 0, @now, @now, @deadLetterId,
                @type, @aggregateId, @occurredAt, @payload, @error)
            ON CONFLICT DO NOTHING
            """;
    }
}

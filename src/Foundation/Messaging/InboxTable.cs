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
            : await unit.Query<Guid>(Sql.Note.Sqlite, new { consumer, ids = MessagingJson.List(ids), now });
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

    public static async Task<bool> IsAnyDue(DbSession session, string consumer, DateTimeOffset now) =>
        await session.QueryFirst<int>(Sql.IsAnyDue, new { consumer, now }) == 1;

    /// <summary>
    /// The next that is due and not in the hands of another instance, locked until the transaction ends.
    /// </summary>
    public static Task<WaitingEvent?> TakeDue(UnitOfWork unit, string consumer, DateTimeOffset now) =>
        unit.QueryFirst<WaitingEvent>(unit.Text(Sql.TakeDue.Sqlite, Sql.TakeDue.Postgres), new { consumer, now });

    /// <summary>Notes that it has its effect.</summary>
    public static Task Finish(UnitOfWork unit, string consumer, Guid id, DateTimeOffset now) =>
        unit.Execute(Sql.Finish, new { consumer, id, now });

    /// <summary>Notes a failed attempt, unless another instance has done something about it since.</summary>
    public static Task PutOff(
        UnitOfWork unit, string consumer, WaitingEvent tried, DateTimeOffset nextAt, string error) =>
        unit.Execute(Sql.PutOff, new { consumer, id = tried.EventId, attempts = tried.Attempts, nextAt, error });

    /// <summary>Notes the last failed attempt, with the same reservation; answers the rows changed.</summary>
    public static Task<int> GiveUp(
        UnitOfWork unit, string consumer, WaitingEvent tried, Guid deadLetterId, string error, DateTimeOffset now) =>
        unit.Execute(Sql.GiveUp, new
        {
            consumer,
            id = tried.EventId,
            attempts = tried.Attempts,
            deadLetterId,
            error,
            now,
        });

    /// <summary>An event that is kept for another attempt.</summary>
    internal sealed class WaitingEvent
    {
        public Guid EventId { get; init; }

        public int Attempts { get; init; }

        public string Type { get; init; } = "";

        public string AggregateId { get; init; } = "";

        public DateTimeOffset OccurredAt { get; init; }

        public string Payload { get; init; } = "";

        public ReceivedEvent ToEvent() => new(EventId, Type, AggregateId, OccurredAt, Payload);
    }

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

        public const string IsAnyDue =
            """
            SELECT 1
            FROM inbox
            WHERE consumer = @consumer AND state = 'waiting' AND next_at <= @now
            LIMIT 1
            """;

        public static class TakeDue
        {
            public const string Sqlite =
                """
                SELECT event_id, attempts, type, aggregate_id, occurred_at, payload
                FROM inbox
                WHERE consumer = @consumer AND state = 'waiting' AND next_at <= @now
                ORDER BY next_at
                LIMIT 1
                """;

            public const string Postgres =
                """
                SELECT event_id, attempts, type, aggregate_id, occurred_at, payload
                FROM inbox
                WHERE consumer = @consumer AND state = 'waiting' AND next_at <= @now
                ORDER BY next_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED
                """;
        }

        public const string Finish =
            """
            UPDATE inbox
            SET state = 'done', handled_at = @now, next_at = NULL,
                type = NULL, aggregate_id = NULL, occurred_at = NULL, payload = NULL, error = NULL
            WHERE consumer = @consumer AND event_id = @id
            """;

        public const string PutOff =
            """
            UPDATE inbox
            SET attempts = attempts + 1, next_at = @nextAt, error = @error
            WHERE consumer = @consumer AND event_id = @id AND state = 'waiting' AND attempts = @attempts
            """;

        public const string GiveUp =
            """
            UPDATE inbox
            SET state = 'dead', attempts = attempts + 1, next_at = NULL, handled_at = @now,
                dead_letter_id = @deadLetterId, error = @error
            WHERE consumer = @consumer AND event_id = @id AND state = 'waiting' AND attempts = @attempts
            """;
    }
}

using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Messaging;

/// <summary>Unsent events of some shards, each shard in order.</summary>
internal sealed record OutboxBatch(IReadOnlyList<ReceivedEvent> Events, short[] Shards, bool MayBeMore);

/// <summary>
/// The unsent rows of one module's outbox, in commit order per aggregate, shared between the relays of all instances.
/// </summary>
/// <remarks>
/// Order: on PostgreSQL a row draws its position when it is inserted, which is after its transaction has locked the
/// aggregate; so of two rows of one aggregate the later position was committed later, and whoever sees it sees the
/// earlier one too. Across aggregates a lower position may be committed after a higher one: rows are therefore found
/// by being unsent, never by being past a mark. On SQLite there is one writer, and the rowid is the order.
/// <para>
/// Leases only save work. A relay publishes an event only after, or together with, every unsent event before it of its
/// aggregate, and marks only what it published. Two that hold one shard, since one was frozen past its lease, repeat
/// events and never bring a first delivery out of order.
/// </para>
/// </remarks>
internal sealed class OutboxQueue(Database database, TimeProvider time, TimeSpan lease)
{
    public const int BatchMax = 500;

    // Few enough to leave some to other instances, enough for a batch worth a round trip.
    private const int ShardsAtOnce = 4;

    private readonly Guid owner = Ids.New(time.Now());

    public TimeSpan Lease => lease;

    /// <summary>Takes what is next and free; null when nothing is.</summary>
    public async Task<OutboxBatch?> Take(CancellationToken cancellation)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            // One process writes this file, so that there is nobody to share with.
            await using var session = await database.Read(cancellation);
            return Batch(await session.Query<OutboxRow>(Sql.Next.Sqlite, new { limit = BatchMax }), [], BatchMax);
        }

        await using var unit = await database.BeginForgettable(cancellation);
        var shards = (await unit.Query<short>(Sql.Claim.Postgres, new
        {
            owner,
            seconds = lease.TotalSeconds,
            shardsMax = ShardsAtOnce,
        })).ToArray();
        if (shards.Length == 0)
        {
            return null;
        }

        var limit = BatchMax / shards.Length;
        var rows = await unit.Query<OutboxRow>(Sql.Next.Postgres, new { shards, limit });
        await unit.Commit();
        return Batch(rows, shards, limit);
    }

    /// <summary>Keeps the batch for another lease; false when another relay has some of it.</summary>
    public async Task<bool> Renew(OutboxBatch batch, CancellationToken cancellation)
    {
        if (batch.Shards.Length == 0)
        {
            return true;
        }

        await using var unit = await database.BeginForgettable(cancellation);
        var renewed = await unit.Execute(
            Sql.Renew.Postgres, new { owner, shards = batch.Shards, seconds = lease.TotalSeconds });
        await unit.Commit();
        return renewed == batch.Shards.Length;
    }

    /// <summary>Marks the batch sent and lets go of its shards.</summary>
    public async Task MarkSent(OutboxBatch batch, CancellationToken cancellation)
    {
        var ids = batch.Events.Column(e => e.Id);
        await using var unit = await database.BeginForgettable(cancellation);
        if (unit.IsPostgres)
        {
            await unit.Execute(Sql.MarkSent.Postgres, new { ids, now = time.Now() });
            await unit.Execute(Sql.Release.Postgres, new { owner, shards = batch.Shards });
        }
        else
        {
            await unit.Execute(Sql.MarkSent.Sqlite, new { ids = MessagingJson.List(ids), now = time.Now() });
        }

        await unit.Commit();
    }

    /// <summary>Lets go of the batch's shards, so that another instance may try.</summary>
    public async Task Release(OutboxBatch batch, CancellationToken cancellation)
    {
        if (batch.Shards.Length > 0)
        {
            await using var unit = await database.BeginForgettable(cancellation);
            await unit.Execute(Sql.Release.Postgres, new { owner, shards = batch.Shards });
            await unit.Commit();
        }
    }

    /// <summary>When the oldest event that is not sent occurred; null when all are.</summary>
    public static async Task<DateTimeOffset?> OldestUnsent(Database database, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<DateTimeOffset?>(session.Text(Sql.Oldest.Sqlite, Sql.Oldest.Postgres));
    }

    private static OutboxBatch? Batch(IReadOnlyList<OutboxRow> rows, short[] shards, int limit) =>
        rows.Count == 0 && shards.Length == 0
            ? null
            : new OutboxBatch(
                rows.Column(row => row.ToEvent()),
                shards,
                MayBeMore: rows.GroupBy(row => row.Shard).Any(shard => shard.Count() == limit));

    private sealed class OutboxRow
    {
        public short Shard { get; init; }

        public Guid Id { get; init; }

        public string Type { get; init; } = "";

        public string AggregateId { get; init; } = "";

        public DateTimeOffset OccurredAt { get; init; }

        public string Payload { get; init; } = "";

        public ReceivedEvent ToEvent() => new(Id, Type, AggregateId, OccurredAt, Payload);
    }

    private static class Sql
    {
        public static class Claim
        {
            // The longest unserved first. By the server's clock, so that an instance whose own is wrong takes nothing
            // from others.
            public const string Postgres =
                """
                WITH free AS MATERIALIZED (
                    SELECT s.shard
                    FROM outbox_shards s
                    WHERE s.leased_until <= clock_timestamp()
                        AND EXISTS (SELECT 1 FROM outbox o WHERE o.shard = s.shard AND o.sent_at IS NULL)
                    ORDER BY s.leased_until
                    LIMIT @shardsMax
                    FOR UPDATE OF s SKIP LOCKED)
                UPDATE outbox_shards s
                SET owner = @owner, leased_until = clock_timestamp() + make_interval(secs => @seconds)
                FROM free
                WHERE s.shard = free.shard
                RETURNING s.shard
                """;
        }

        public static class Next
        {
            public const string Sqlite =
                """
                SELECT id, type, aggregate_id, occurred_at, payload
                FROM outbox
                WHERE sent_at IS NULL
                ORDER BY rowid
                LIMIT @limit
                """;

            // A shard at a time, so that each is read from its index and no further than its share.
            public const string Postgres =
                """
                SELECT held.shard, o.id, o.type, o.aggregate_id, o.occurred_at, o.payload
                FROM unnest(CAST(@shards AS smallint[])) AS held (shard)
                CROSS JOIN LATERAL (
                    SELECT id, type, aggregate_id, occurred_at, payload
                    FROM outbox
                    WHERE shard = held.shard AND sent_at IS NULL
                    ORDER BY position
                    LIMIT @limit) AS o
                """;
        }

        public static class Renew
        {
            public const string Postgres =
                """
                UPDATE outbox_shards
                SET leased_until = clock_timestamp() + make_interval(secs => @seconds)
                WHERE shard = ANY (@shards) AND owner = @owner
                """;
        }

        public static class Release
        {
            public const string Postgres =
                """
                UPDATE outbox_shards
                SET owner = NULL, leased_until = clock_timestamp()
                WHERE shard = ANY (@shards) AND owner = @owner
                """;
        }

        public static class MarkSent
        {
            public const string Sqlite =
                """
                UPDATE outbox
                SET sent_at = @now
                WHERE id IN (SELECT value FROM json_each(@ids)) AND sent_at IS NULL
                """;

            public const string Postgres =
                """
                UPDATE outbox
                SET sent_at = @now
                WHERE id = ANY (@ids) AND sent_at IS NULL
                """;
        }

        public static class Oldest
        {
            public const string Sqlite =
                """
                SELECT occurred_at
                FROM outbox
                WHERE sent_at IS NULL
                ORDER BY rowid
                LIMIT 1
                """;

            public const string Postgres =
                """
                SELECT o.occurred_at
                FROM outbox_shards s
                CROSS JOIN LATERAL (
                    SELECT occurred_at
                    FROM outbox
                    WHERE shard = s.shard AND sent_at IS NULL
                    ORDER BY position
                    LIMIT 1) AS o
                ORDER BY o.occurred_at
                LIMIT 1
                """;
        }
    }
}

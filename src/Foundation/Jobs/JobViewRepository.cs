using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Jobs;

/// <summary>The jobs of one module's database for those who look, and the two things they may do.</summary>
internal sealed class JobViewRepository(Database database, IAuditLog audit)
{
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>The newest first, below <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<JobView>> List(
        string? state, string? kind, Guid? after, int limit, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var args = new { state, kind, after = after ?? Highest, limit };
        var sql = (state, kind) switch
        {
            (null, null) => Sql.List,
            (null, _) => Sql.OfKind,
            (_, null) => Sql.OfState,
            _ => Sql.OfStateAndKind,
        };
        var rows = await session.Query<JobRow>(sql, args);
        return [.. rows.Select(ToView)];
    }

    public async Task<JobView?> Find(Guid id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<JobRow>(Sql.Find, new { id }) is { } row ? ToView(row) : null;
    }

    /// <summary>A dead job begins anew, with all its attempts; false when it is not dead.</summary>
    public async Task<bool> Retry(Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var retried = await unit.Execute(
            unit.Text(Sql.Retry.Sqlite, Sql.Retry.Postgres), new { id, now }) == 1;
        if (retried)
        {
            await unit.Announce(JobQueue.Topic);
            audit.Write(unit, new AuditFact("job.retried", $"job/{id}"));
            await unit.Commit();
        }

        return retried;
    }

    /// <summary>A job that nobody runs yet, or will again, is gone; false when it is not queued.</summary>
    public async Task<bool> Cancel(Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var cancelled = await unit.Execute(Sql.Cancel, new { id }) == 1;
        if (cancelled)
        {
            audit.Write(unit, new AuditFact("job.cancelled", $"job/{id}"));
            await unit.Commit();
        }

        return cancelled;
    }

    private JobView ToView(JobRow row) => new(
        row.Id,
        database.Name,
        row.Kind,
        row.Key,
        row.State,
        row.DueAt,
        row.Attempts,
        row.Percent,
        row.Note,
        row.Result,
        row.Error,
        row.LeaseOwner,
        row.CreatedAt,
        row.FinishedAt,
        row.Payload);

    private sealed class JobRow
    {
        public Guid Id { get; init; }

        public string Kind { get; init; } = "";

        public string? Key { get; init; }

        public string State { get; init; } = "";

        public DateTimeOffset DueAt { get; init; }

        public int Attempts { get; init; }

        public int? Percent { get; init; }

        public string? Note { get; init; }

        public string? Result { get; init; }

        public string? Error { get; init; }

        public string? LeaseOwner { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? FinishedAt { get; init; }

        public string? Payload { get; init; }
    }

    private static class Sql
    {
        // Each is read from an index of its own.
        public const string List =
            """
            SELECT id, kind, key, state, due_at, attempts, percent, note, result, error, lease_owner, created_at,
                finished_at
            FROM jobs
            WHERE id < @after
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string OfKind =
            """
            SELECT id, kind, key, state, due_at, attempts, percent, note, result, error, lease_owner, created_at,
                finished_at
            FROM jobs
            WHERE kind = @kind AND id < @after
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string OfState =
            """
            SELECT id, kind, key, state, due_at, attempts, percent, note, result, error, lease_owner, created_at,
                finished_at
            FROM jobs
            WHERE state = @state AND id < @after
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string OfStateAndKind =
            """
            SELECT id, kind, key, state, due_at, attempts, percent, note, result, error, lease_owner, created_at,
                finished_at
            FROM jobs
            WHERE state = @state AND kind = @kind AND id < @after
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string Find =
            """
            SELECT id, kind, key, state, due_at, attempts, percent, note, result, error, lease_owner, created_at,
                finished_at, payload
            FROM jobs
            WHERE id = @id
            """;

        public static class Retry
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET state = 'queued', due_at = @now, attempts = 0, percent = NULL, finished_at = NULL
                WHERE id = @id AND state = 'dead'
                """;

            public const string Postgres =
                """
                UPDATE jobs
                SET state = 'queued', due_at = clock_timestamp(), attempts = 0, percent = NULL, finished_at = NULL
                WHERE id = @id AND state = 'dead'
                """;
        }

        public const string Cancel =
            """
            DELETE FROM jobs
            WHERE id = @id AND state = 'queued'
            """;
    }
}

using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// The jobs of one module's database as its workers see them. Whatever is written about a running job names the lease
/// it was claimed under: who has lost it changes nothing. When a job is due is read by one clock: on PostgreSQL the
/// server's, so that an instance whose own is wrong neither takes from others nor keeps for longer. A SQLite file has
/// one process, and its clock.
/// </summary>
internal sealed class JobRepository(Database database, TimeProvider time)
{
    /// <summary>How long until the next job of the kind is due; null where none waits or runs.</summary>
    public static async Task<TimeSpan?> NextDue(DbSession session, string kind, DateTimeOffset now) =>
        session.IsPostgres
            ? await session.QueryFirst<double?>(Sql.NextDue.Postgres, new { kind }) is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : null
            : await session.QueryFirst<DateTimeOffset?>(Sql.NextDue.Sqlite, new { kind }) - now;

    /// <summary>Takes due jobs, those whose worker let its lease lapse among them, and counts the attempt.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> Claim(
        string kind, string owner, TimeSpan lease, int limit, CancellationToken cancellation)
    {
        var now = time.Now();
        await using var unit = await database.Begin(cancellation);
        var claimed = await unit.Query<ClaimedJob>(
            unit.Text(Sql.Claim.Sqlite, Sql.Claim.Postgres),
            new { kind, owner, now, dueAt = now + lease, wait = lease.TotalSeconds, limit });
        await unit.Commit();
        return claimed;
    }

    public Task<bool> Renew(Guid id, string owner, TimeSpan lease, CancellationToken cancellation) => Change(
        unit => unit.Text(Sql.Renew.Sqlite, Sql.Renew.Postgres),
        new { id, owner, dueAt = time.Now() + lease, wait = lease.TotalSeconds },
        cancellation);

    public Task<bool> Report(
        Guid id, string owner, TimeSpan lease, int percent, string? note, CancellationToken cancellation) => Change(
        unit => unit.Text(Sql.Report.Sqlite, Sql.Report.Postgres),
        new
        {
            id,
            owner,
            dueAt = time.Now() + lease,
            wait = lease.TotalSeconds,
            percent,
            note = StoredText.Fit(note),
        },
        cancellation);

    public async Task<bool> Complete(UnitOfWork unit, Guid id, string owner, string? result) =>
        await unit.Execute(Sql.Complete, new { id, owner, now = time.Now(), result = StoredText.Fit(result) }) == 1;

    public Task<bool> Complete(Guid id, string owner, CancellationToken cancellation) =>
        Change(_ => Sql.Complete, new { id, owner, now = time.Now(), result = (string?)null }, cancellation);

    /// <summary>Another attempt later.</summary>
    public Task<bool> Delay(Guid id, string owner, TimeSpan delay, string error, CancellationToken cancellation) =>
        Change(
            unit => unit.Text(Sql.Delay.Sqlite, Sql.Delay.Postgres),
            new { id, owner, dueAt = time.Now() + delay, wait = delay.TotalSeconds, error = StoredText.Fit(error) },
            cancellation);

    /// <summary>As if this attempt had not been.</summary>
    public Task<bool> GiveBack(
        Guid id, string owner, DateTimeOffset? dueAt, string? note, CancellationToken cancellation)
    {
        var now = time.Now();
        var due = (dueAt ?? now).ToMicroseconds();
        return Change(
            unit => unit.Text(Sql.GiveBack.Sqlite, Sql.GiveBack.Postgres),
            new { id, owner, dueAt = due, wait = (due - now).TotalSeconds, note = StoredText.Fit(note) },
            cancellation);
    }

    public Task<bool> Bury(Guid id, string owner, string error, CancellationToken cancellation) =>
        Change(_ => Sql.Bury, new { id, owner, now = time.Now(), error = StoredText.Fit(error) }, cancellation);

    private async Task<bool> Change(Func<UnitOfWork, string> sql, object args, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var changed = await unit.Execute(sql(unit), args);
        await unit.Commit();
        return changed == 1;
    }

    private static class Sql
    {
        public static class NextDue
        {
            public const string Sqlite =
                """
                SELECT due_at
                FROM jobs
                WHERE kind = @kind AND finished_at IS NULL
                ORDER BY due_at
                LIMIT 1
                """;

            public const string Postgres =
                """
                SELECT CAST(EXTRACT(EPOCH FROM due_at - clock_timestamp()) AS double precision)
                FROM jobs
                WHERE kind = @kind AND finished_at IS NULL
                ORDER BY due_at
                LIMIT 1
                """;
        }

        public static class Claim
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET state = 'running', lease_owner = @owner, due_at = @dueAt, attempts = attempts + 1
                WHERE id IN (
                    SELECT id
                    FROM jobs
                    WHERE kind = @kind AND finished_at IS NULL AND due_at <= @now
                    ORDER BY due_at
                    LIMIT @limit)
                RETURNING id, key, payload, attempts
                """;

            // Materialized: a plan that asked for the due ones row by row would lock more than it takes. The clock is
            // read once, or it could be no bound of the index and each claim would walk all that wait.
            public const string Postgres =
                """
                WITH due AS MATERIALIZED (
                    SELECT id
                    FROM jobs
                    WHERE kind = @kind AND finished_at IS NULL AND due_at <= (SELECT clock_timestamp())
                    ORDER BY due_at
                    LIMIT @limit
                    FOR UPDATE SKIP LOCKED)
                UPDATE jobs
                SET state = 'running', lease_owner = @owner, attempts = attempts + 1,
                    due_at = clock_timestamp() + make_interval(secs => @wait)
                FROM due
                WHERE jobs.id = due.id
                RETURNING jobs.id, jobs.key, jobs.payload, jobs.attempts
                """;
        }

        public static class Renew
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET due_at = @dueAt
                WHERE id = @id AND lease_owner = @owner
                """;

            public const string Postgres =
                """
                UPDATE jobs
                SET due_at = clock_timestamp() + make_interval(secs => @wait)
                WHERE id = @id AND lease_owner = @owner
                """;
        }

        public static class Report
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET due_at = @dueAt, percent = @percent, note = @note
                WHERE id = @id AND lease_owner = @owner
                """;

            public const string Postgres =
                """
                UPDATE jobs
                SET due_at = clock_timestamp() + make_interval(secs => @wait), percent = @percent, note = @note
                WHERE id = @id AND lease_owner = @owner
                """;
        }

        public const string Complete =
            """
            UPDATE jobs
            SET state = 'done', lease_owner = NULL, percent = 100, result = @result, error = NULL, finished_at = @now
            WHERE id = @id AND lease_owner = @owner
            """;

        public static class Delay
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET state = 'queued', lease_owner = NULL, due_at = @dueAt, error = @error
                WHERE id = @id AND lease_owner = @owner
                """;

            public const string Postgres =
                """
                UPDATE jobs
                SET state = 'queued', lease_owner = NULL, error = @error,
                    due_at = clock_timestamp() + make_interval(secs => @wait)
                WHERE id = @id AND lease_owner = @owner
                """;
        }

        public static class GiveBack
        {
            public const string Sqlite =
                """
                UPDATE jobs
                SET state = 'queued', lease_owner = NULL, due_at = @dueAt, attempts = attempts - 1, note = @note
                WHERE id = @id AND lease_owner = @owner
                """;

            public const string Postgres =
                """
                UPDATE jobs
                SET state = 'queued', lease_owner = NULL, attempts = attempts - 1, note = @note,
                    due_at = clock_timestamp() + make_interval(secs => @wait)
                WHERE id = @id AND lease_owner = @owner
                """;
        }

        public const string Bury =
            """
            UPDATE jobs
            SET state = 'dead', lease_owner = NULL, error = @error, finished_at = @now
            WHERE id = @id AND lease_owner = @owner
            """;
    }
}

/// <summary>A job as it was claimed.</summary>
internal sealed class ClaimedJob
{
    public Guid Id { get; init; }

    public string? Key { get; init; }

    public string Payload { get; init; } = "";

    /// <summary>This attempt counted.</summary>
    public int Attempts { get; init; }
}

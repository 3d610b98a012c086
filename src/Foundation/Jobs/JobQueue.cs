using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// Puts durable jobs into the module's own <c>jobs</c> table, in the transaction of the change that wants them: a job
/// exists if and only if its change was committed.
/// </summary>
#pragma warning disable CA1711 // It is a queue.
public static class JobQueue
#pragma warning restore CA1711
{
    public const int KeyLengthMax = 200;
    public const int PayloadLengthMax = 1_048_576;

    /// <summary>What is announced, and what workers wait for.</summary>
    internal const string Topic = "jobs";

    /// <summary>False when a job of this kind and key is known already: it stays as it is.</summary>
    public static async Task<bool> Enqueue(UnitOfWork unit, JobRequest job, DateTimeOffset now) =>
        await Enqueue(unit, [job], now) > 0;

    /// <summary>Many with one statement; answers how many are new.</summary>
    public static async Task<int> Enqueue(UnitOfWork unit, IReadOnlyList<JobRequest> jobs, DateTimeOffset now)
    {
        foreach (var job in jobs)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(job.Key?.Length ?? 0, KeyLengthMax, nameof(jobs));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(job.Payload.Length, PayloadLengthMax, nameof(jobs));
        }

        var added = jobs.Count == 0 ? 0
            : unit.IsPostgres
                ? await unit.Execute(Sql.Insert.Postgres, new
                {
                    ids = jobs.Column(_ => Ids.New(now)),
                    kinds = jobs.Column(job => job.Kind),
                    keys = jobs.Column(job => job.Key),
                    payloads = jobs.Column(job => job.Payload),
                    waits = jobs.Column(job => (DueAt(job, now) - now).TotalSeconds),
                    now,
                })
                : await unit.Execute(Sql.Insert.Sqlite, jobs.Column(job => new
                {
                    id = Ids.New(now),
                    kind = job.Kind,
                    key = job.Key,
                    payload = job.Payload,
                    dueAt = DueAt(job, now),
                    now,
                }));
        if (added > 0)
        {
            await unit.Announce(Topic);
        }

        return added;
    }

    private static DateTimeOffset DueAt(JobRequest job, DateTimeOffset now) => (job.RunAt ?? now).ToMicroseconds();

    private static class Sql
    {
        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO jobs (id, kind, key, payload, state, due_at, attempts, created_at)
                VALUES (@id, @kind, @key, @payload, 'queued', @dueAt, 0, @now)
                ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING
                """;

            // Due by the clock that workers go by. In one order everywhere, so that two who want the same jobs wait for
            // each other instead of deadlocking.
            public const string Postgres =
                """
                INSERT INTO jobs (id, kind, key, payload, state, due_at, attempts, created_at)
                SELECT id, kind, key, payload, 'queued', clock_timestamp() + make_interval(secs => wait), 0, @now
                FROM unnest(
                    CAST(@ids AS uuid[]), CAST(@kinds AS text[]), CAST(@keys AS text[]), CAST(@payloads AS text[]),
                    CAST(@waits AS double precision[]))
                    AS j (id, kind, key, payload, wait)
                ORDER BY kind, key
                ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING
                """;
        }
    }
}

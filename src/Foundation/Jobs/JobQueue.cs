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
    public static async Task<bool> Enqueue(UnitOfWork unit, JobRequest job, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(job.Key?.Length ?? 0, KeyLengthMax, nameof(job));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(job.Payload.Length, PayloadLengthMax, nameof(job));
        var dueAt = (job.RunAt ?? now).ToMicroseconds();
        var added = await unit.Execute(unit.Text(Sql.Insert.Sqlite, Sql.Insert.Postgres), new
        {
            id = Ids.New(now),
            kind = job.Kind,
            key = job.Key,
            payload = job.Payload,
            dueAt,
            wait = (dueAt - now).TotalSeconds,
            now,
        });
        if (added > 0)
        {
            await unit.Announce(Topic);
        }

        return added > 0;
    }

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

            // By the clock that workers go by.
            public const string Postgres =
                """
                INSERT INTO jobs (id, kind, key, payload, state, due_at, attempts, created_at)
                VALUES (@id, @kind, @key, @payload, 'queued', clock_timestamp() + make_interval(secs => @wait), 0, @now)
                ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING
                """;
        }
    }
}

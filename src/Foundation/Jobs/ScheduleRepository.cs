using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Jobs;

/// <summary>How the last run of each schedule of a module went.</summary>
internal sealed class ScheduleRepository(Database database)
{
    public async Task<IReadOnlyList<LastRun>> List(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.Query<LastRun>(Sql.List);
    }

    public async Task Write(LastRun run, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Write, run);
        await unit.Commit();
    }

    private static class Sql
    {
        public const string List =
            """
            SELECT name, started_at, took_ms, outcome, note, error
            FROM schedules
            """;

        // An instance that was slow must not cover what came after.
        public const string Write =
            """
            INSERT INTO schedules (name, started_at, took_ms, outcome, note, error)
            VALUES (@Name, @StartedAt, @TookMs, @Outcome, @Note, @Error)
            ON CONFLICT (name) DO UPDATE
            SET started_at = excluded.started_at, took_ms = excluded.took_ms, outcome = excluded.outcome,
                note = excluded.note, error = excluded.error
            WHERE schedules.started_at <= excluded.started_at
            """;
    }
}

internal sealed class LastRun
{
    public const string Done = "done";
    public const string Failed = "failed";

    public string Name { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public long TookMs { get; init; }

    public string Outcome { get; init; } = "";

    public string? Note { get; init; }

    public string? Error { get; init; }
}

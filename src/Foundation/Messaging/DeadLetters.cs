using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// What consumers gave up on, in the databases of the modules that are served here, newest first: to look at, to try
/// again, to drop.
/// </summary>
public sealed class DeadLetters(
    IEnumerable<MigratedDatabase> databases, IEnumerable<IEventConsumer> consumers, IAuditLog audit, TimeProvider time)
{
    private const int ReplayedAtOnce = 500;
    private static readonly Guid AfterAll = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    private readonly IReadOnlyList<Database> databases = [.. databases.Select(d => d.Database)];
    private readonly IReadOnlyList<IEventConsumer> consumers = [.. consumers];

    private static Problem NoSuch => Problem.NotFound("dead letter");

    public async Task<Page<DeadLetter>> List(
        DeadLetterFilter filter, PageRequest page, CancellationToken cancellation)
    {
        // No page reaches past 10,000, so that each database's part of the merged list stays small.
        var offset = page.Number is null ? 0 : page.Offset;
        var found = new List<DeadLetter>();
        var total = 0L;
        foreach (var database in databases)
        {
            await using var session = await database.Read(cancellation);
            found.AddRange(await session.Query<DeadLetter>(Sql.List, new
            {
                before = page.After?.Id ?? AfterAll,
                consumer = filter.Consumer,
                type = filter.Type,
                limit = offset + page.Limit + 1,
            }));
            if (page.Number is not null)
            {
                total += await session.QueryFirst<long>(
                    Sql.Count, new { consumer = filter.Consumer, type = filter.Type });
            }
        }

        var items = found.OrderByDescending(letter => letter.Id).Skip(offset).Take(page.Limit).ToList();
        return new Page<DeadLetter>(items, page.Limit)
        {
            Number = page.Number,
            Total = page.Number is null ? null : total,
            NextCursor = page.Number is null && found.Count > items.Count
                ? new Cursor(items[^1].DiedAt, items[^1].Id).ToString()
                : null,
        };
    }

    /// <summary>One, with its payload.</summary>
    public async Task<Result<DeadLetter>> Get(Guid id, CancellationToken cancellation) =>
        await Find(id, cancellation) is var (_, letter) ? letter : NoSuch;

    /// <summary>Gives it to its consumer again, at once and with all its attempts before it.</summary>
    public async Task<Result<Done>> Replay(Guid id, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not var (database, letter))
        {
            return NoSuch;
        }

        if (consumers.All(consumer => consumer.Name != letter.Consumer))
        {
            return new Problem(ProblemCodes.Conflict, $"There is no consumer {letter.Consumer} any more.");
        }

        await using var unit = await database.Begin(cancellation);
        if (await unit.Execute(Sql.Replay, new { id, now = time.Now() }) != 1)
        {
            return NoSuch;
        }

        audit.Write(unit, new AuditFact("dead_letter.replayed", $"dead_letter/{id}"));
        await unit.Announce(Inbox.Topic);
        await unit.Commit();
        return new Done();
    }

    /// <summary>All that there are now and whose consumers there are; answers how many.</summary>
    public async Task<int> Replay(DeadLetterFilter filter, CancellationToken cancellation)
    {
        // What dies again while this runs is not taken up again.
        var now = time.Now();
        var before = Ids.New(now.AddMilliseconds(1));
        var replayed = 0;
        foreach (var consumer in consumers.Where(c => filter.Consumer is null || c.Name == filter.Consumer))
        {
            var database = databases.Single(d => d.Name == consumer.Module);
            int some;
            do
            {
                some = await ReplaySome(database, consumer.Name, filter.Type, before, now, cancellation);
                replayed += some;
            }
            while (some == ReplayedAtOnce);
        }

        return replayed;
    }

    /// <summary>Drops it for good: should the event come once more, it counts as handled.</summary>
    public async Task<Result<Done>> Discard(Guid id, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is not var (database, _))
        {
            return NoSuch;
        }

        await using var unit = await database.Begin(cancellation);
        if (await unit.Execute(Sql.Discard, new { id }) != 1)
        {
            return NoSuch;
        }

        audit.Write(unit, new AuditFact("dead_letter.discarded", $"dead_letter/{id}"));
        await unit.Commit();
        return new Done();
    }

    private async Task<int> ReplaySome(
        Database database,
        string consumer,
        string? type,
        Guid before,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var some = await unit.Execute(Sql.ReplaySome, new
        {
            now,
            before,
            consumer,
            type,
            limit = ReplayedAtOnce,
        });
        if (some > 0)
        {
            audit.Write(unit, new AuditFact("dead_letter.replayed", $"dead_letters of {consumer}")
            {
                After = $$"""{"count":{{some}}}""",
            });
            await unit.Announce(Inbox.Topic);
            await unit.Commit();
        }

        return some;
    }

    private async Task<(Database Database, DeadLetter Letter)?> Find(Guid id, CancellationToken cancellation)
    {
        foreach (var database in databases)
        {
            await using var session = await database.Read(cancellation);
            if (await session.QueryFirst<DeadLetter>(Sql.Find, new { id }) is { } letter)
            {
                return (database, letter);
            }
        }

        return null;
    }

    private static class Sql
    {
        public const string List =
            """
            SELECT dead_letter_id AS id, consumer, event_id, type, aggregate_id, occurred_at, received_at,
                handled_at AS died_at, attempts, error
            FROM inbox
            WHERE state = 'dead' AND dead_letter_id < @before
                AND (CAST(@consumer AS text) IS NULL OR consumer = @consumer)
                AND (CAST(@type AS text) IS NULL OR type = @type)
            ORDER BY dead_letter_id DESC
            LIMIT @limit
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM inbox
            WHERE state = 'dead'
                AND (CAST(@consumer AS text) IS NULL OR consumer = @consumer)
                AND (CAST(@type AS text) IS NULL OR type = @type)
            """;

        public const string Find =
            """
            SELECT dead_letter_id AS id, consumer, event_id, type, aggregate_id, occurred_at, received_at,
                handled_at AS died_at, attempts, error, payload
            FROM inbox
            WHERE state = 'dead' AND dead_letter_id = @id
            """;

        public const string Replay =
            """
            UPDATE inbox
            SET state = 'waiting', attempts = 0, next_at = @now, handled_at = NULL, dead_letter_id = NULL
            WHERE state = 'dead' AND dead_letter_id = @id
            """;

        public const string ReplaySome =
            """
            UPDATE inbox
            SET state = 'waiting', attempts = 0, next_at = @now, handled_at = NULL, dead_letter_id = NULL
            WHERE state = 'dead' AND dead_letter_id IN (
                SELECT dead_letter_id
                FROM inbox
                WHERE state = 'dead' AND dead_letter_id < @before AND consumer = @consumer
                    AND (CAST(@type AS text) IS NULL OR type = @type)
                ORDER BY dead_letter_id
                LIMIT @limit)
            """;

        public const string Discard =
            """
            UPDATE inbox
            SET state = 'done', dead_letter_id = NULL,
                type = NULL, aggregate_id = NULL, occurred_at = NULL, payload = NULL, error = NULL
            WHERE state = 'dead' AND dead_letter_id = @id
            """;
    }
}

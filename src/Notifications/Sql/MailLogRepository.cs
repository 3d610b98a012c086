using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

/// <summary>Ids are UUIDv7, so the newest has the highest.</summary>
internal sealed class MailLogRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IMailLogRepository
{
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public async Task<Page<MailView>> List(PageRequest page, string? state, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        if (page.Number is not null)
        {
            var numbered = await session.Query<MailRow>(
                Sql.Page, new { state, limit = page.Limit, offset = page.Offset });
            return new Page<MailView>([.. numbered.Select(row => row.ToContract())], page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(Sql.Count, new { state }),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var rows = await session.Query<MailRow>(
            Sql.Before, new { state, id = page.After?.Id ?? Highest, limit = page.Limit + 1 });
        var shown = rows.Take(page.Limit).ToList();
        return new Page<MailView>([.. shown.Select(row => row.ToContract())], page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null,
        };
    }

    public async Task<(long Count, DateTimeOffset? Oldest)> Unsent(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var oldest = await session.QueryFirst<DateTimeOffset?>(Sql.OldestUnsent);
        return (oldest is null ? 0 : await session.QueryFirst<long>(Sql.CountUnsent), oldest);
    }

    public async Task<int> GiveUp(
        DateTimeOffset before, DateTimeOffset now, string error, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var given = await unit.Execute(Sql.GiveUp, new { before, now, error });
        await unit.Commit();
        return given;
    }

    public Task<int> Blank(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        Change(Sql.Blank, before, limit, cancellation);

    public Task<int> Prune(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        Change(Sql.Prune, before, limit, cancellation);

    private async Task<int> Change(string sql, DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var changed = await unit.Execute(sql, new { before, limit });
        await unit.Commit();
        return changed;
    }

    public async Task<MailView?> Find(UnitOfWork unit, Guid id) =>
        (await unit.QueryFirst<MailRow>(Sql.Find, new { id }))?.ToContract();

    private sealed class MailRow
    {
        public Guid Id { get; init; }

        public string Template { get; init; } = "";

        public string Language { get; init; } = "";

        public string Address { get; init; } = "";

        public string Subject { get; init; } = "";

        public string State { get; init; } = "";

        public int Attempts { get; init; }

        public string? Error { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? SentAt { get; init; }

        public string MessageId { get; init; } = "";

        public MailView ToContract() => new(
            Id, Template, Language, Address, Subject, State, Attempts, Error, CreatedAt, SentAt, MessageId);
    }

    private static class Sql
    {
        private const string View =
            """
            SELECT id, template, language, address, subject, state, attempts, error, created_at, sent_at, message_id
            FROM mails

            """;

        // What is held back, and why, is decided in the statement that would queue it.

        public const string Find = View +
            """
            WHERE id = @id
            """;

        // The cast tells PostgreSQL the type of a parameter that is compared with nothing but NULL.
        public const string Page = View +
            """
            WHERE CAST(@state AS text) IS NULL OR state = @state
            ORDER BY id DESC
            LIMIT @limit OFFSET @offset
            """;

        public const string Before = View +
            """
            WHERE id < @id AND (CAST(@state AS text) IS NULL OR state = @state)
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM mails
            WHERE CAST(@state AS text) IS NULL OR state = @state
            """;

        public const string OldestUnsent =
            """
            SELECT created_at
            FROM mails
            WHERE state = 'queued'
            ORDER BY created_at
            LIMIT 1
            """;

        public const string CountUnsent =
            """
            SELECT COUNT(*)
            FROM mails
            WHERE state = 'queued'
            """;

        public const string GiveUp =
            """
            UPDATE mails
            SET state = 'failed', error = COALESCE(error, @error), sending_until = NULL
            WHERE state = 'queued' AND created_at < @before AND (sending_until IS NULL OR sending_until <= @now)
            """;

        public const string Blank =
            """
            UPDATE mails
            SET model = ''
            WHERE id IN (
                SELECT id
                FROM mails
                WHERE created_at < @before AND state <> 'queued' AND model <> ''
                ORDER BY created_at
                LIMIT @limit)
            """;

        public const string Prune =
            """
            DELETE FROM mails
            WHERE id IN (
                SELECT id
                FROM mails
                WHERE created_at < @before AND state <> 'queued'
                ORDER BY created_at
                LIMIT @limit)
            """;
    }
}

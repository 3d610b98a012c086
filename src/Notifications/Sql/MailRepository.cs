using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

/// <summary>Ids are UUIDv7, so the newest has the highest.</summary>
internal sealed class MailRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IMailRepository
{
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public async Task<bool> Insert(UnitOfWork unit, QueuedMail mail) => await unit.Execute(Sql.Insert, new
    {
        id = mail.Id,
        key = mail.Key,
        userId = mail.UserId,
        address = mail.Address,
        template = mail.Template,
        language = mail.Language,
        subject = mail.Subject,
        model = mail.Model,
        createdAt = mail.CreatedAt,
        messageId = mail.MessageId,
    }) > 0;

    public async Task<MailAttempt> Begin(
        Guid id, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var mail = await unit.QueryFirst<MailRow>(Sql.Begin, new { id, now, until });
        if (mail is not null)
        {
            await unit.Commit();
            return new MailAttempt(mail.ToMail(), null);
        }

        return new MailAttempt(null, await unit.QueryFirst<DateTimeOffset?>(Sql.HeldUntil, new { id }));
    }

    public async Task Release(Guid id, string error, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Release, new { id, error });
        await unit.Commit();
    }

    public async Task Withdraw(Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Withdraw, new { id });
        await unit.Commit();
    }

    public Task End(UnitOfWork unit, Guid id, string state, string? error, DateTimeOffset now) => unit.Execute(
        Sql.End, new { id, state, error, sentAt = state == MailStates.Sent ? now : (DateTimeOffset?)null });

    public async Task<MailView?> Requeue(UnitOfWork unit, Guid id, string messageId)
    {
        await unit.Execute(Sql.Requeue, new { id, messageId });
        return (await unit.QueryFirst<MailRow>(Sql.Find, new { id }))?.ToContract();
    }

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

    public async Task<int> Prune(DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var pruned = await unit.Execute(Sql.Prune, new { before, limit });
        await unit.Commit();
        return pruned;
    }

    private sealed class MailRow
    {
        public Guid Id { get; init; }

        public string DedupeKey { get; init; } = "";

        public Guid? UserId { get; init; }

        public string Address { get; init; } = "";

        public string Template { get; init; } = "";

        public string Language { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Model { get; init; } = "";

        public string State { get; init; } = "";

        public int Attempts { get; init; }

        public string? Error { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? SentAt { get; init; }

        public string MessageId { get; init; } = "";

        public QueuedMail ToMail() => new()
        {
            Id = Id,
            Key = DedupeKey,
            UserId = UserId,
            Address = Address,
            Template = Template,
            Language = Language,
            Subject = Subject,
            Model = Model,
            CreatedAt = CreatedAt,
            MessageId = MessageId,
        };

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

        public const string Insert =
            """
            INSERT INTO mails
                (id, dedupe_key, user_id, address, template, language, subject, model, state, attempts, created_at,
                message_id)
            VALUES
                (@id, @key, @userId, @address, @template, @language, @subject, @model, 'queued', 0, @createdAt,
                @messageId)
            ON CONFLICT (dedupe_key) DO NOTHING
            """;

        public const string Begin =
            """
            UPDATE mails
            SET attempts = attempts + 1, sending_until = @until
            WHERE id = @id AND state = 'queued' AND (sending_until IS NULL OR sending_until <= @now)
            RETURNING id, dedupe_key, user_id, address, template, language, subject, model, state, attempts, error,
                created_at, sent_at, message_id
            """;

        public const string HeldUntil =
            """
            SELECT sending_until
            FROM mails
            WHERE id = @id AND state = 'queued'
            """;

        public const string Release =
            """
            UPDATE mails
            SET error = @error, sending_until = NULL
            WHERE id = @id AND state = 'queued'
            """;

        public const string Withdraw =
            """
            UPDATE mails
            SET attempts = attempts - 1, sending_until = NULL
            WHERE id = @id AND state = 'queued'
            """;

        public const string End =
            """
            UPDATE mails
            SET state = @state, error = COALESCE(@error, error), sent_at = @sentAt, sending_until = NULL
            WHERE id = @id AND state = 'queued'
            """;

        public const string Requeue =
            """
            UPDATE mails
            SET state = 'queued', error = NULL, sent_at = NULL, message_id = @messageId
            WHERE id = @id AND state <> 'queued'
            """;

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

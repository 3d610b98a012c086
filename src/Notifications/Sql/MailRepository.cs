using Gatehouse.Foundation.Data;
using Gatehouse.Notifications.Services.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

internal sealed class MailRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IMailRepository
{
    public async Task<IReadOnlyList<AddedMail>> Insert(
        UnitOfWork unit, IReadOnlyList<QueuedMail> mails, (DateTimeOffset Since, int Max) most)
    {
        if (unit.IsPostgres)
        {
            return await unit.Query<AddedMail>(Sql.Insert.Postgres, new
            {
                ids = mails.Column(mail => mail.Id),
                keys = mails.Column(mail => mail.Key),
                userIds = mails.Column(mail => mail.UserId),
                addresses = mails.Column(mail => mail.Address),
                templates = mails.Column(mail => mail.Template),
                languages = mails.Column(mail => mail.Language),
                subjects = mails.Column(mail => mail.Subject),
                models = mails.Column(mail => mail.Model),
                kinds = mails.Column(mail => mail.Kind),
                messageIds = mails.Column(mail => mail.MessageId),
                createdAts = mails.Column(mail => mail.CreatedAt),
                since = most.Since,
                max = most.Max,
            });
        }

        var added = new List<AddedMail>();
        foreach (var mail in mails)
        {
            if (await unit.QueryFirst<AddedMail>(Sql.Insert.Sqlite, new
            {
                id = mail.Id,
                key = mail.Key,
                userId = mail.UserId,
                address = mail.Address,
                template = mail.Template,
                language = mail.Language,
                subject = mail.Subject,
                model = mail.Model,
                kind = mail.Kind,
                messageId = mail.MessageId,
                createdAt = mail.CreatedAt,
                since = most.Since,
                max = most.Max,
            }) is { } one)
            {
                added.Add(one);
            }
        }

        return added;
    }

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

    public Task End(
        UnitOfWork unit, Guid id, string state, string? error, DateTimeOffset now, bool keepsContent) => unit.Execute(
        Sql.End,
        new { id, state, error, sentAt = state == MailStates.Sent ? now : (DateTimeOffset?)null, keepsContent });

    public Task Requeue(UnitOfWork unit, Guid id, string messageId) =>
        unit.Execute(Sql.Requeue, new { id, messageId });

    private sealed class MailRow
    {
        public Guid Id { get; init; }

        public string DedupeKey { get; init; } = "";

        public Guid? UserId { get; init; }

        public string Address { get; init; } = "";

        public string Template { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Language { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Model { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public string MessageId { get; init; } = "";

        public QueuedMail ToMail() => new()
        {
            Id = Id,
            Key = DedupeKey,
            UserId = UserId,
            Address = Address,
            Template = Template,
            Language = Language,
            Kind = Kind,
            Subject = Subject,
            Model = Model,
            CreatedAt = CreatedAt,
            MessageId = MessageId,
        };
    }

    private static class Sql
    {
        public static class Insert
        {
            private const string Into =
                """
                INSERT INTO mails (id, dedupe_key, user_id, address, template, language, subject, model, kind,
                    message_id, created_at, attempts, state, error)

                """;

            private const string Disabled = "'The account is disabled.'";
            private const string TooMany = "'The address has had as many mails as it may within an hour.'";

            public const string Sqlite = Into +
                $"""
                SELECT @id, @key, @userId, @address, @template, @language, @subject, @model, @kind,
                    @messageId, @createdAt, 0, CASE WHEN reason IS NULL THEN 'queued' ELSE 'suppressed' END, reason
                FROM (
                    SELECT CASE
                        WHEN @kind = 'security' THEN NULL
                        WHEN EXISTS (
                            SELECT 1
                            FROM known_accounts
                            WHERE user_id = @userId AND is_disabled = true)
                        THEN {Disabled}
                        WHEN @max <= (
                            SELECT COUNT(*)
                            FROM mails
                            WHERE address = @address AND kind = @kind AND state <> 'suppressed'
                                AND created_at > @since)
                        THEN {TooMany} END AS reason)
                WHERE true
                ON CONFLICT (dedupe_key) DO NOTHING
                RETURNING id, state
                """;

            // In one order everywhere, so that two who write the same wait for each other instead of deadlocking.
            public const string Postgres =
                $"""
                WITH drafts AS (
                    SELECT n, id, dedupe_key, user_id, address, template, language, subject, model, kind, message_id,
                        created_at
                    FROM unnest(
                        CAST(@ids AS uuid[]), CAST(@keys AS text[]), CAST(@userIds AS uuid[]),
                        CAST(@addresses AS text[]), CAST(@templates AS text[]), CAST(@languages AS text[]),
                        CAST(@subjects AS text[]), CAST(@models AS text[]), CAST(@kinds AS text[]),
                        CAST(@messageIds AS text[]), CAST(@createdAts AS timestamptz[]))
                        WITH ORDINALITY AS d (id, dedupe_key, user_id, address, template, language, subject, model,
                            kind, message_id, created_at, n)),
                had AS (
                    SELECT k.address, k.kind, (
                        SELECT COUNT(*)
                        FROM mails m
                        WHERE m.address = k.address AND m.kind = k.kind AND m.state <> 'suppressed'
                            AND m.created_at > @since) AS mails
                    FROM (SELECT DISTINCT address, kind FROM drafts WHERE kind <> 'security') AS k),
                decided AS (
                    SELECT d.n, d.id, d.dedupe_key, d.user_id, d.address, d.template, d.language, d.subject, d.model,
                        d.kind, d.message_id, d.created_at, CASE
                        WHEN d.kind = 'security' THEN NULL
                        WHEN a.is_disabled THEN {Disabled}
                        WHEN h.mails + ROW_NUMBER() OVER (PARTITION BY d.address, d.kind ORDER BY d.n) > @max
                        THEN {TooMany} END AS reason
                    FROM drafts d
                    LEFT JOIN had h ON h.address = d.address AND h.kind = d.kind
                    LEFT JOIN known_accounts a ON a.user_id = d.user_id)

                """ + Into +
                """
                SELECT id, dedupe_key, user_id, address, template, language, subject, model, kind,
                    message_id, created_at, 0, CASE WHEN reason IS NULL THEN 'queued' ELSE 'suppressed' END, reason
                FROM decided
                ORDER BY dedupe_key
                ON CONFLICT (dedupe_key) DO NOTHING
                RETURNING id, state
                """;
        }

        public const string Begin =
            """
            UPDATE mails
            SET attempts = attempts + 1, sending_until = @until
            WHERE id = @id AND state = 'queued' AND (sending_until IS NULL OR sending_until <= @now)
            RETURNING id, dedupe_key, user_id, address, template, language, kind, subject, model, created_at,
                message_id
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
            SET state = @state, error = COALESCE(@error, error), sent_at = @sentAt, sending_until = NULL,
                model = CASE WHEN @keepsContent THEN model ELSE '' END
            WHERE id = @id AND state = 'queued'
            """;

        public const string Requeue =
            """
            UPDATE mails
            SET state = 'queued', error = NULL, sent_at = NULL, message_id = @messageId
            WHERE id = @id AND state <> 'queued' AND model <> ''
            """;
    }
}

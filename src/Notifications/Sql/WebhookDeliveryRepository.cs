using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;
using Gatehouse.Notifications.Services.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

internal sealed class WebhookDeliveryRepository(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database) : IWebhookDeliveryRepository
{
    public async Task<IReadOnlySet<Guid>> Insert(
        UnitOfWork unit, IReadOnlyList<NewDelivery> made, DateTimeOffset now)
    {
        if (unit.IsPostgres)
        {
            return (await unit.Query<Guid>(Sql.Insert.Postgres, new
            {
                ids = made.Column(one => one.Id),
                webhookIds = made.Column(one => one.WebhookId),
                messageIds = made.Column(one => one.Message.Id),
                types = made.Column(one => one.Message.Type),
                bodies = made.Column(one => one.Message.Body),
                refusals = made.Column(one => one.Refusal),
                now,
            })).ToHashSet();
        }

        var added = new HashSet<Guid>();
        foreach (var one in made)
        {
            var args = new
            {
                id = one.Id,
                webhookId = one.WebhookId,
                messageId = one.Message.Id,
                type = one.Message.Type,
                body = one.Message.Body,
                refusal = one.Refusal,
                now,
            };
            if (await unit.Execute(Sql.Insert.Sqlite, args) > 0)
            {
                added.Add(one.Id);
            }
        }

        return added;
    }

    public async Task<DueDelivery?> FindDue(Guid id, int round, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<DueRow>(Sql.FindDue, new { id, round }))?.ToDomain();
    }

    public async Task<bool> Record(UnitOfWork unit, DueDelivery delivery, AttemptRecord attempt) =>
        await unit.Execute(attempt.Answer is null ? Sql.Settle : Sql.Record, new
        {
            id = delivery.Id,
            round = delivery.Round,
            status = attempt.Status,
            httpStatus = attempt.Answer?.HttpStatus,
            latencyMs = (int?)attempt.Answer?.Latency.TotalMilliseconds,
            error = attempt.Error,
            answer = attempt.Answer?.Text,
            at = attempt.At,
            nextAttemptAt = attempt.NextAttemptAt,
        }) > 0;

    public Task<IReadOnlyList<WaitingCount>> CountWaiting(UnitOfWork unit, IReadOnlyCollection<UserId> owners) =>
        unit.Query<WaitingCount>(
            unit.Text(Sql.CountWaiting.Sqlite, Sql.CountWaiting.Postgres),
            IdList.Of(unit, owners.Select(owner => owner.Value)));

    public async Task<int> CountWaiting(Guid webhookId, int max, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<int>(Sql.CountSome, new { webhookId, max });
    }

    public Task<int?> Replay(
        UnitOfWork unit, Guid webhookId, Guid id, DateTimeOffset now, DateTimeOffset stuckBefore) =>
        unit.QueryFirst<int?>(Sql.Replay, new { webhookId, id, now, stuckBefore });

    public Task<IReadOnlyList<ReplayCandidate>> Between(
        UnitOfWork unit, Guid webhookId, DateTimeOffset from, DateTimeOffset to, string status, int limit) =>
        unit.Query<ReplayCandidate>(Sql.Between, new { webhookId, from, to, status, limit });

    private sealed class DueRow
    {
        public Guid Id { get; init; }

        public int Round { get; init; }

        public int RoundAttempts { get; init; }

        public DateTimeOffset NextAttemptAt { get; init; }

        public Guid MessageId { get; init; }

        public string Type { get; init; } = "";

        public string Body { get; init; } = "";

        public Guid WebhookId { get; init; }

        public Guid UserId { get; init; }

        public string Url { get; init; } = "";

        public string Status { get; init; } = "";

        public string Secret { get; init; } = "";

        public string? PreviousSecret { get; init; }

        public DateTimeOffset? PreviousSecretUntil { get; init; }

        public DateTimeOffset? FailingSince { get; init; }

        public bool IsPaused { get; init; }

        public DueDelivery ToDomain() => new()
        {
            Id = Id,
            Round = Round,
            Attempts = RoundAttempts,
            NextAttemptAt = NextAttemptAt,
            WebhookId = WebhookId,
            Owner = new UserId(UserId),
            IsActive = Status == "active",
            IsPaused = IsPaused,
            IsFailing = FailingSince is not null,
            Url = WebhookUrl.Stored(Url),
            Secrets = new WebhookSecrets(Secret, PreviousSecret, PreviousSecretUntil),
            Message = new WebhookMessage(MessageId, Type, Body),
        };
    }

    private static class Sql
    {
        public static class Insert
        {
            private const string Into =
                """
                INSERT INTO webhook_deliveries (id, webhook_id, message_id, type, body, status, round, round_attempts,
                    attempts, error, created_at, next_attempt_at)

                """;

            public const string Sqlite = Into +
                """
                VALUES (@id, @webhookId, @messageId, @type, @body,
                    CASE WHEN @refusal IS NULL THEN 'pending' ELSE 'failed' END, 1, 0, 0, @refusal, @now,
                    CASE WHEN @refusal IS NULL THEN @now END)
                ON CONFLICT (webhook_id, message_id) DO NOTHING
                """;

            // In one order everywhere: who writes the same waits for the other instead of deadlocking.
            public const string Postgres = Into +
                """
                SELECT id, webhook_id, message_id, type, body,
                    CASE WHEN refusal IS NULL THEN 'pending' ELSE 'failed' END, 1, 0, 0, refusal,
                    CAST(@now AS timestamptz),
                    CASE WHEN refusal IS NULL THEN CAST(@now AS timestamptz) END
                FROM unnest(
                    CAST(@ids AS uuid[]), CAST(@webhookIds AS uuid[]), CAST(@messageIds AS uuid[]),
                    CAST(@types AS text[]), CAST(@bodies AS text[]), CAST(@refusals AS text[]))
                    AS d (id, webhook_id, message_id, type, body, refusal)
                ORDER BY webhook_id, message_id
                ON CONFLICT (webhook_id, message_id) DO NOTHING
                RETURNING id
                """;
        }

        public static class CountWaiting
        {
            private const string Waiting =
                """
                SELECT w.id AS webhook_id, w.user_id, COUNT(*) AS waiting
                FROM webhooks w
                JOIN webhook_deliveries d ON d.webhook_id = w.id AND d.status = 'pending'

                """;

            public const string Sqlite = Waiting +
                """
                WHERE w.user_id IN (SELECT value FROM json_each(@ids))
                GROUP BY w.id, w.user_id
                """;

            public const string Postgres = Waiting +
                """
                WHERE w.user_id = ANY (CAST(@ids AS uuid[]))
                GROUP BY w.id, w.user_id
                """;
        }

        public const string CountSome =
            """
            SELECT COUNT(*)
            FROM (
                SELECT 1
                FROM webhook_deliveries
                WHERE webhook_id = @webhookId AND status = 'pending'
                LIMIT @max) AS counted
            """;

        public const string FindDue =
            """
            SELECT d.id, d.round, d.round_attempts, d.next_attempt_at, d.message_id, d.type, d.body,
                w.id AS webhook_id, w.user_id, w.url, w.status, w.secret, w.previous_secret, w.previous_secret_until,
                w.failing_since, COALESCE(a.is_disabled, false) AS is_paused
            FROM webhook_deliveries d
            JOIN webhooks w ON w.id = d.webhook_id
            LEFT JOIN known_accounts a ON a.user_id = w.user_id
            WHERE d.id = @id AND d.round = @round AND d.status = 'pending'
            """;

        public const string Record =
            """
            UPDATE webhook_deliveries
            SET status = @status, attempts = attempts + 1, round_attempts = round_attempts + 1,
                http_status = @httpStatus, latency_ms = @latencyMs, error = @error, answer = @answer,
                attempted_at = @at, next_attempt_at = @nextAttemptAt
            WHERE id = @id AND round = @round AND status = 'pending'
            """;

        public const string Settle =
            """
            UPDATE webhook_deliveries
            SET status = @status, error = @error, next_attempt_at = NULL
            WHERE id = @id AND round = @round AND status = 'pending'
            """;

        public const string Replay =
            """
            UPDATE webhook_deliveries
            SET status = 'pending', round = round + 1, round_attempts = 0, next_attempt_at = @now
            WHERE webhook_id = @webhookId AND id = @id
                AND (status <> 'pending' OR next_attempt_at < @stuckBefore)
            RETURNING round
            """;

        public const string Between =
            """
            SELECT id, created_at
            FROM webhook_deliveries
            WHERE webhook_id = @webhookId AND created_at >= @from AND created_at < @to
                AND status <> 'pending' AND @status IN (status, 'all')
            ORDER BY created_at, id
            LIMIT @limit
            """;
    }
}

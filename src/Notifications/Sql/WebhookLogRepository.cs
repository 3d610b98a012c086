using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

internal sealed class WebhookLogRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IWebhookLogRepository
{
    private static readonly Cursor Newest = new(
        new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero), new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"));

    public async Task<Page<WebhookDeliveryView>> List(
        Guid webhookId, PageRequest page, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        if (page.Number is not null)
        {
            var numbered = await session.Query<DeliveryRow>(
                Sql.Page, new { webhookId, limit = page.Limit, offset = page.Offset });
            return new Page<WebhookDeliveryView>([.. numbered.Select(row => row.ToContract())], page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(Sql.Count, new { webhookId }),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var after = page.After ?? Newest;
        var rows = await session.Query<DeliveryRow>(
            Sql.Before, new { webhookId, at = after.At, id = after.Id, limit = page.Limit + 1 });
        var shown = rows.Take(page.Limit).Select(row => row.ToContract()).ToList();
        return new Page<WebhookDeliveryView>(shown, page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null,
        };
    }

    public async Task<WebhookDeliveryView?> Find(Guid webhookId, Guid id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await Find(session, webhookId, id);
    }

    public Task<WebhookDeliveryView?> Find(UnitOfWork unit, Guid webhookId, Guid id) =>
        Find((DbSession)unit, webhookId, id);

    public async Task<int> Prune(DateTimeOffset olderThan, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var pruned = await unit.Execute(Sql.PruneOld, new { olderThan, limit });
        if (pruned < limit)
        {
            pruned += await unit.Execute(Sql.PruneOrphans, new { limit = limit - pruned });
        }

        await unit.Commit();
        return pruned;
    }

    private static async Task<WebhookDeliveryView?> Find(DbSession session, Guid webhookId, Guid id) =>
        (await session.QueryFirst<DeliveryRow>(Sql.Find, new { webhookId, id }))?.ToContract();

    private sealed class DeliveryRow
    {
        public Guid Id { get; init; }

        public Guid WebhookId { get; init; }

        public Guid MessageId { get; init; }

        public string Type { get; init; } = "";

        public string? Body { get; init; }

        public string Status { get; init; } = "";

        public int Attempts { get; init; }

        public int? HttpStatus { get; init; }

        public int? LatencyMs { get; init; }

        public string? Error { get; init; }

        public string? Answer { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? AttemptedAt { get; init; }

        public DateTimeOffset? NextAttemptAt { get; init; }

        public WebhookDeliveryView ToContract() => new(
            Id, WebhookId, MessageId, Type, Status, Attempts, HttpStatus, LatencyMs, Error, Answer, CreatedAt,
            AttemptedAt, NextAttemptAt, Body);
    }

    private static class Sql
    {
        private const string Select =
            """
            SELECT id, webhook_id, message_id, type, status, attempts, http_status, latency_ms, error, answer,
                created_at, attempted_at, next_attempt_at
            FROM webhook_deliveries
            WHERE webhook_id = @webhookId

            """;

        public const string Find =
            """
            SELECT id, webhook_id, message_id, type, body, status, attempts, http_status, latency_ms, error, answer,
                created_at, attempted_at, next_attempt_at
            FROM webhook_deliveries
            WHERE webhook_id = @webhookId AND id = @id
            """;

        public const string Page = Select +
            """
            ORDER BY created_at DESC, id DESC
            LIMIT @limit OFFSET @offset
            """;

        public const string Before = Select +
            """
                AND (created_at, id) < (@at, @id)
            ORDER BY created_at DESC, id DESC
            LIMIT @limit
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM webhook_deliveries
            WHERE webhook_id = @webhookId

            """;

        public const string PruneOld =
            """
            DELETE FROM webhook_deliveries
            WHERE id IN (
                SELECT id
                FROM webhook_deliveries
                WHERE created_at < @olderThan
                ORDER BY created_at
                LIMIT @limit)
            """;

        public const string PruneOrphans =
            """
            DELETE FROM webhook_deliveries
            WHERE id IN (
                SELECT d.id
                FROM webhook_deliveries d
                LEFT JOIN webhooks w ON w.id = d.webhook_id
                WHERE w.id IS NULL
                LIMIT @limit)
            """;
    }
}

using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;
using Gatehouse.Notifications.Services.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sql;

internal sealed class WebhookRepository([FromKeyedServices(NotificationsModule.DatabaseName)] Database database)
    : IWebhookRepository
{
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public Task<IReadOnlyList<int>> TakenSlots(UnitOfWork unit, UserId owner) =>
        unit.Query<int>(Sql.TakenSlots, new { userId = owner.Value });

    public async Task<bool> Insert(UnitOfWork unit, Webhook webhook) =>
        await unit.Execute(Sql.Insert, Args(webhook)) > 0;

    public async Task<Page<Webhook>> List(UserId owner, PageRequest page, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var userId = owner.Value;
        if (page.Number is not null)
        {
            var numbered = await session.Query<WebhookRow>(
                Sql.Page, new { userId, limit = page.Limit, offset = page.Offset });
            return new Page<Webhook>([.. numbered.Select(row => row.ToDomain())], page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(Sql.Count, new { userId }),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var rows = await session.Query<WebhookRow>(
            Sql.Before, new { userId, id = page.After?.Id ?? Highest, limit = page.Limit + 1 });
        var shown = rows.Take(page.Limit).Select(row => row.ToDomain()).ToList();
        return new Page<Webhook>(shown, page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null,
        };
    }

    public async Task<Webhook?> Find(UserId owner, Guid id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<WebhookRow>(Sql.Find, new { userId = owner.Value, id }))?.ToDomain();
    }

    public async Task<Webhook?> Lock(UnitOfWork unit, UserId owner, Guid id) =>
        (await unit.QueryFirst<WebhookRow>(
            unit.Text(Sql.Find, Sql.Lock.Postgres), new { userId = owner.Value, id }))?.ToDomain();

    public Task Update(UnitOfWork unit, Webhook webhook) => unit.Execute(Sql.Update, Args(webhook));

    public Task Delete(UnitOfWork unit, UserId owner, Guid id) =>
        unit.Execute(Sql.Delete, new { userId = owner.Value, id });

    public async Task<bool> IsAnyActive(UnitOfWork unit) => await unit.QueryFirst<int?>(Sql.AnyActive) is not null;

    public async Task<IReadOnlyDictionary<Guid, Guid>> FindOrganizers(
        UnitOfWork unit, IReadOnlyCollection<Guid> events)
    {
        var rows = await unit.Query<OrganizerRow>(
            unit.Text(Sql.FindOrganizers.Sqlite, Sql.FindOrganizers.Postgres), IdList.Of(unit, events));
        return rows.ToDictionary(row => row.EventId, row => row.OrganizerId);
    }

    public async Task<IReadOnlyList<Subscription>> Active(UnitOfWork unit, IReadOnlyCollection<Guid> users)
    {
        var rows = await unit.Query<SubscriptionRow>(
            unit.Text(Sql.Active.Sqlite, Sql.Active.Postgres), IdList.Of(unit, users));
        return [.. rows.Select(row => new Subscription(
            row.Id,
            new UserId(row.UserId),
            row.Scope == WebhookSettings.All,
            WebhookUrl.Stored(row.Url),
            WebhookEvents.Stored(row.Events)))];
    }

    public Task Recovered(UnitOfWork unit, Guid id, string url) => unit.Execute(Sql.Recovered, new { id, url });

    public Task Failed(UnitOfWork unit, Guid id, string url, DateTimeOffset at, DateTimeOffset idleBefore) =>
        unit.Execute(Sql.Failed, new { id, url, at, idleBefore });

    public Task<IReadOnlyList<Guid>> DisableForAll(
        UnitOfWork unit, Guid owner, string reason, DateTimeOffset now) =>
        unit.Query<Guid>(Sql.DisableForAll, new { owner, reason, now });

    public async Task<DisabledWebhook?> Disable(
        UnitOfWork unit, Guid id, string url, string reason, DateTimeOffset failingBefore, DateTimeOffset now)
    {
        var row = await unit.QueryFirst<DisabledRow>(Sql.Disable, new { id, url, reason, failingBefore, now });
        return row is null ? null : new DisabledWebhook(new UserId(row.UserId), row.FailingSince);
    }

    private static object Args(Webhook of) => new
    {
        id = of.Id,
        userId = of.Owner.Value,
        slot = of.Slot,
        url = of.Settings.Url.Uri.AbsoluteUri,
        events = of.Settings.Events.ToString(),
        description = of.Settings.Description,
        status = of.Settings.IsActive ? "active" : "inactive",
        scope = of.Settings.Scope,
        secret = of.Secrets.Current,
        previousSecret = of.Secrets.Previous,
        previousSecretUntil = of.Secrets.PreviousUntil,
        failingSince = of.FailingSince,
        disabledAt = of.DisabledAt,
        disabledReason = of.DisabledReason,
        createdAt = of.CreatedAt,
    };

    private sealed class WebhookRow
    {
        public Guid Id { get; init; }

        public Guid UserId { get; init; }

        public int Slot { get; init; }

        public string Url { get; init; } = "";

        public string Events { get; init; } = "";

        public string? Description { get; init; }

        public string Status { get; init; } = "";

        public string Scope { get; init; } = "";

        public string Secret { get; init; } = "";

        public string? PreviousSecret { get; init; }

        public DateTimeOffset? PreviousSecretUntil { get; init; }

        public DateTimeOffset? FailingSince { get; init; }

        public DateTimeOffset? DisabledAt { get; init; }

        public string? DisabledReason { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Webhook ToDomain() => new()
        {
            Id = Id,
            Owner = new UserId(UserId),
            Slot = Slot,
            Settings = new WebhookSettings(
                WebhookUrl.Stored(Url),
                WebhookEvents.Stored(Events),
                Description,
                Status == "active",
                Scope == WebhookSettings.All),
            Secrets = new WebhookSecrets(Secret, PreviousSecret, PreviousSecretUntil),
            CreatedAt = CreatedAt,
            FailingSince = FailingSince,
            DisabledAt = DisabledAt,
            DisabledReason = DisabledReason,
        };
    }

    private sealed class OrganizerRow
    {
        public Guid EventId { get; init; }

        public Guid OrganizerId { get; init; }
    }

    private sealed class SubscriptionRow
    {
        public Guid Id { get; init; }

        public Guid UserId { get; init; }

        public string Scope { get; init; } = "";

        public string Url { get; init; } = "";

        public string Events { get; init; } = "";
    }

    private sealed class DisabledRow
    {
        public Guid UserId { get; init; }

        public DateTimeOffset FailingSince { get; init; }
    }

    private static class Sql
    {
        private const string Select =
            """
            SELECT id, user_id, slot, url, events, description, status, scope, secret, previous_secret,
                previous_secret_until, failing_since, disabled_at, disabled_reason, created_at
            FROM webhooks
            WHERE user_id = @userId

            """;

        public const string Find = Select +
            """
                AND id = @id
            """;

        public static class Lock
        {
            public const string Postgres = Find + "\nFOR UPDATE";
        }

        public const string Page = Select +
            """
            ORDER BY id DESC
            LIMIT @limit OFFSET @offset
            """;

        public const string Before = Select +
            """
                AND id < @id
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM webhooks
            WHERE user_id = @userId
            """;

        public const string TakenSlots =
            """
            SELECT slot
            FROM webhooks
            WHERE user_id = @userId
            """;

        public const string Insert =
            """
            INSERT INTO webhooks (id, user_id, slot, url, events, description, status, scope, secret, created_at)
            VALUES (@id, @userId, @slot, @url, @events, @description, @status, @scope, @secret, @createdAt)
            ON CONFLICT (user_id, slot) DO NOTHING
            """;

        public const string Update =
            """
            UPDATE webhooks
            SET url = @url, events = @events, description = @description, status = @status, scope = @scope,
                secret = @secret, previous_secret = @previousSecret, previous_secret_until = @previousSecretUntil,
                failing_since = @failingSince, disabled_at = @disabledAt, disabled_reason = @disabledReason
            WHERE user_id = @userId AND id = @id
            """;

        public const string Delete =
            """
            DELETE FROM webhooks
            WHERE user_id = @userId AND id = @id
            """;

        public const string AnyActive =
            """
            SELECT 1
            FROM webhooks
            WHERE status = 'active'
            LIMIT 1
            """;

        public static class FindOrganizers
        {
            private const string Organizers =
                """
                SELECT event_id, organizer_id
                FROM known_events

                """;

            public const string Sqlite = Organizers + "WHERE event_id IN (SELECT value FROM json_each(@ids))";
            public const string Postgres = Organizers + "WHERE event_id = ANY (CAST(@ids AS uuid[]))";
        }

        // What identity says of an account counts here too: its event may have come before its webhook was made.
        public static class Active
        {
            private const string Subscriptions =
                """
                SELECT w.id, w.user_id, w.scope, w.url, w.events
                FROM webhooks w
                LEFT JOIN known_accounts a ON a.user_id = w.user_id
                WHERE w.status = 'active' AND (a.user_id IS NULL OR a.is_disabled = false) AND (
                    (w.scope = 'all' AND (a.role IS NULL OR a.role = 'admin')) OR
                    (w.scope = 'own'
                """ + " ";

            public const string Sqlite = Subscriptions + "AND w.user_id IN (SELECT value FROM json_each(@ids))))";
            public const string Postgres = Subscriptions + "AND w.user_id = ANY (CAST(@ids AS uuid[]))))";
        }

        public const string Recovered =
            """
            UPDATE webhooks
            SET failing_since = NULL
            WHERE id = @id AND url = @url AND failing_since IS NOT NULL
            """;

        public const string Failed =
            """
            UPDATE webhooks
            SET failing_since = CASE
                    WHEN failing_since IS NOT NULL AND COALESCE(last_failed_at, failing_since) >= @idleBefore
                    THEN failing_since ELSE @at END,
                last_failed_at = @at
            WHERE id = @id AND url = @url
            """;

        public const string DisableForAll =
            """
            UPDATE webhooks
            SET status = 'inactive', disabled_at = @now, disabled_reason = @reason
            WHERE user_id = @owner AND scope = 'all' AND status = 'active'
            RETURNING id
            """;

        public const string Disable =
            """
            UPDATE webhooks
            SET status = 'inactive', disabled_at = @now, disabled_reason = @reason
            WHERE id = @id AND url = @url AND status = 'active' AND failing_since <= @failingBefore
            RETURNING user_id, failing_since
            """;
    }
}

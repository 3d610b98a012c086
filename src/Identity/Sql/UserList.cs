using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

/// <summary>Finds accounts, each way by an index of its own, the newest first.</summary>
internal static class UserList
{
    /// <summary>After every text that begins with what stands before it.</summary>
    private const string Last = "\U0010FFFF";

    public static async Task<Page<UserView>> ListUsers(this DbSession session, UserFilter filter, PageRequest page)
    {
        var sql = filter switch
        {
            { Search: not null } => session.Text(Sql.Found.Sqlite, Sql.Found.Postgres),
            { Disabled: true } => Sql.Disabled,
            { Role: not null } => Sql.OfRole,
            _ => Sql.All,
        };
        var begins = filter.Search?.ToLowerInvariant() ?? "";
        var rows = await session.Query<Row>(sql, new
        {
            at = page.After?.At ?? DateTimeOffset.MaxValue.ToMicroseconds(),
            id = page.After?.Id ?? Guid.Empty,
            begins,
            beyond = begins + Last,
            anyRole = filter.Role is null,
            role = filter.Role?.ToName() ?? "",
            anyState = filter.Disabled is null,
            disabled = filter.Disabled ?? false,
            rows = page.Limit + 1,
        });
        var items = rows.Take(page.Limit).ToList();
        return new Page<UserView>([.. items.Select(row => row.ToContract())], page.Limit)
        {
            NextCursor = rows.Count > items.Count ? new Cursor(items[^1].CreatedAt, items[^1].Id).ToString() : null,
        };
    }

    private sealed class Row
    {
        public Guid Id { get; init; }

        public string Email { get; init; } = "";

        public string? Name { get; init; }

        public string Role { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? EmailVerifiedAt { get; init; }

        public DateTimeOffset? DisabledAt { get; init; }

        public UserView ToContract() => new()
        {
            Id = Id,
            Email = Email,
            Name = Name,
            Role = RoleNames.Parse(Role),
            CreatedAt = CreatedAt,
            EmailVerifiedAt = EmailVerifiedAt,
            DisabledAt = DisabledAt,
        };
    }

    private static class Sql
    {
        private const string Columns =
            """
            SELECT id, email, name, role, created_at, email_verified_at, disabled_at
            FROM users

            """;

        private const string OfState = "AND (@anyState OR (disabled_at IS NOT NULL) = @disabled)\n";

        private const string OfAnyRole = "AND (@anyRole OR role = @role)\n";

        private const string Order =
            """
            ORDER BY created_at DESC, id DESC
            LIMIT @rows
            """;

        public const string All = Columns + "WHERE (created_at, id) < (@at, @id)\n" + OfState + Order;

        public const string OfRole =
            Columns + "WHERE role = @role AND (created_at, id) < (@at, @id)\n" + OfState + Order;

        public const string Disabled =
            Columns + "WHERE disabled_at IS NOT NULL AND (created_at, id) < (@at, @id)\n" +
            OfAnyRole + Order;

        // Few begin like that: they are found by the two prefixes and then put in order. Letters other than ASCII are
        // the same in upper and lower case where the engine knows them.
        public static class Found
        {
            public const string Sqlite = Columns +
                """
                WHERE ((email >= @begins AND email < @beyond)
                        OR (lower(name) >= lower(@begins) AND lower(name) < lower(@beyond)))
                    AND (+created_at, +id) < (@at, @id)

                """ + OfState + OfAnyRole + Order;

            public const string Postgres = Columns +
                """
                WHERE ((email COLLATE "C" >= @begins AND email COLLATE "C" < @beyond)
                        OR (lower(name) COLLATE "C" >= lower(@begins) AND lower(name) COLLATE "C" < lower(@beyond)))
                    AND (created_at, id) < (@at, @id)

                """ + OfState + OfAnyRole + Order;
        }
    }
}

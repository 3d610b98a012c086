using System.Reflection;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Data;

/// <summary>A module's database with the assembly that carries its migrations.</summary>
public sealed record MigratedDatabase(Database Database, Assembly Assembly)
{
    /// <summary>Without it the process is not ready; else it serves on.</summary>
    public bool IsVital { get; init; } = true;
}

/// <summary>
/// Brings each module's schema up or down. One transaction a module, under a lock, so that two instances that start at
/// once do it once and a failure leaves nothing half done.
/// </summary>
public sealed partial class Migrator(IEnumerable<MigratedDatabase> databases, TimeProvider time, ILogger<Migrator> log)
{
    // A statement may rewrite a large table, and a second instance waits for the first: no request is behind them.
    private const int StatementSecondsMax = 15 * 60;

    private readonly IReadOnlyList<MigratedDatabase> databases = [.. databases];

    /// <summary>
    /// Applies what is pending, in one module or in all; refuses when an applied migration was edited.
    /// </summary>
    public async Task Up(string? module, CancellationToken cancellation)
    {
        foreach (var (database, assembly) in Chosen(module))
        {
            await using var unit = await Locked(database, cancellation);
            var applied = await Applied(unit);
            foreach (var migration in Migration.For(assembly, database.Provider))
            {
                if (applied.TryGetValue(migration.Version, out var row))
                {
                    RefuseEdited(database, migration, row);
                    continue;
                }

                await unit.Execute(migration.Up);
                await unit.Execute(Sql.Record, new
                {
                    version = migration.Version,
                    name = migration.Name,
                    checksum = migration.Checksum,
                    at = time.Now(),
                });
                LogApplied(database.Name, migration.Version, migration.Name);
            }

            await unit.Commit();
        }
    }

    /// <summary>Takes back the newest migrations of one module.</summary>
    public async Task Down(string module, int steps, CancellationToken cancellation)
    {
        foreach (var (database, assembly) in Chosen(module))
        {
            await using var unit = await Locked(database, cancellation);
            foreach (var migration in Newest(database, assembly, await Applied(unit), steps))
            {
                await unit.Execute(migration.Down);
                await unit.Execute(Sql.Forget, new { version = migration.Version });
                LogReverted(database.Name, migration.Version, migration.Name);
            }

            await unit.Commit();
        }
    }

    /// <summary>What <see cref="Down"/> would run, a text a migration.</summary>
    public async Task<IReadOnlyList<string>> DownTexts(string module, int steps, CancellationToken cancellation)
    {
        var texts = new List<string>();
        foreach (var (database, assembly) in Chosen(module))
        {
            texts.AddRange(Newest(database, assembly, await Look(database, cancellation), steps)
                .Select(m => m.Down));
        }

        return texts;
    }

    /// <summary>Where one module stands, or all; looks without a lock and makes nothing.</summary>
    public async Task<IReadOnlyList<MigrationStatus>> Status(string? module, CancellationToken cancellation)
    {
        var all = new List<MigrationStatus>();
        foreach (var (database, assembly) in Chosen(module))
        {
            var applied = await Look(database, cancellation);
            foreach (var migration in Migration.For(assembly, database.Provider))
            {
                var row = applied.GetValueOrDefault(migration.Version);
                all.Add(new MigrationStatus(
                    database.Name,
                    migration.Version,
                    migration.Name,
                    row?.AppliedAt,
                    row is not null && row.Checksum != migration.Checksum));
            }
        }

        return all;
    }

    private List<MigratedDatabase> Chosen(string? module)
    {
        var chosen = databases.Where(d => module is null || d.Database.Name == module).ToList();
        return chosen.Count > 0 || module is null
            ? chosen
            : throw new StartupException(
                $"There is no module '{module}' with a database; " +
                $"there are {string.Join(", ", databases.Select(d => d.Database.Name))}.");
    }

    private static async Task<UnitOfWork> Locked(Database database, CancellationToken cancellation)
    {
        var unit = await database.Begin(StatementSecondsMax, cancellation);
        try
        {
            await database.PrepareForMigration(unit);
            await unit.Execute(Sql.Table);
            return unit;
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    private static async Task<Dictionary<string, AppliedRow>> Look(Database database, CancellationToken cancellation)
    {
        if (database.IsAbsent)
        {
            return [];
        }

        await using var session = await database.Read(cancellation);
        var tables = await session.QueryFirst<long>(session.Text(Sql.Tables.Sqlite, Sql.Tables.Postgres));
        return tables == 0 ? [] : await Applied(session);
    }

    private static async Task<Dictionary<string, AppliedRow>> Applied(DbSession session) =>
        (await session.Query<AppliedRow>(Sql.Applied)).ToDictionary(row => row.Version, StringComparer.Ordinal);

    private static IEnumerable<Migration> Newest(
        Database database, Assembly assembly, Dictionary<string, AppliedRow> applied, int steps) =>
        Migration.For(assembly, database.Provider).Where(m => applied.ContainsKey(m.Version)).Reverse().Take(steps);

    private static void RefuseEdited(Database database, Migration migration, AppliedRow row)
    {
        if (row.Checksum != migration.Checksum)
        {
            throw new StartupException(
                $"Migration {migration.Version}_{migration.Name} of {database.Name} was edited after it was applied.");
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Migration applied: {Module} {Version} {Name}")]
    private partial void LogApplied(string module, string version, string name);

    [LoggerMessage(1002, LogLevel.Information, "Migration taken back: {Module} {Version} {Name}")]
    private partial void LogReverted(string module, string version, string name);

    private sealed class AppliedRow
    {
        public string Version { get; init; } = "";

        public string Checksum { get; init; } = "";

        public DateTimeOffset AppliedAt { get; init; }
    }

    private static class Sql
    {
        // Before this table there is nothing to migrate, so it makes itself.
        public const string Table =
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version    text PRIMARY KEY,
                name       text NOT NULL,
                checksum   text NOT NULL,
                applied_at timestamptz NOT NULL
            )
            """;

        public static class Tables
        {
            public const string Sqlite =
                """
                SELECT count(*)
                FROM sqlite_master
                WHERE name = 'schema_migrations'
                """;

            public const string Postgres =
                """
                SELECT count(to_regclass('schema_migrations'))
                """;
        }

        public const string Applied =
            """
            SELECT version, checksum, applied_at
            FROM schema_migrations
            """;

        public const string Record =
            """
            INSERT INTO schema_migrations (version, name, checksum, applied_at)
            VALUES (@version, @name, @checksum, @at)
            """;

        public const string Forget =
            """
            DELETE FROM schema_migrations
            WHERE version = @version
            """;
    }
}

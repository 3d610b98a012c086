using Gatehouse.Foundation.Configuration;
using Npgsql;

namespace Gatehouse.Foundation.Data;

public enum DatabaseProvider
{
    Sqlite,
    Postgres,
}

/// <summary>Where data is kept.</summary>
[Section("Database")]
public sealed class DatabaseOptions : IValidatedOptions
{
    [Setting("`sqlite` (one file a module) or `postgres` (one schema a module).")]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    [Setting("Folder of the SQLite files and of the generated secret; made if absent.")]
    public string Path { get; set; } = "./data";

    [Setting(
        "PostgreSQL connection string, as Npgsql reads it: `Host=…;Port=…;Database=…;Username=…;Password=…`.",
        Secret = true)]
    public string? Connection { get; set; }

    [Setting("Connections kept open per module (PostgreSQL).", Min = 0, Max = 1000)]
    public int PoolMin { get; set; } = 5;

    [Setting("Connections at most per module (PostgreSQL); the listener and the schedules keep up to 5.",
        Min = 6, Max = 1000)]
    public int PoolMax { get; set; } = 30;

    [Setting("Seconds to wait for a connection before the answer is 503.", Min = 1, Max = 60)]
    public int ConnectSeconds { get; set; } = 2;

    [Setting("Seconds a statement may take; a migration has 15 minutes.", Min = 1, Max = 300)]
    public int CommandSeconds { get; set; } = 4;

    [Setting("Apply migrations when the program starts.")]
    public bool MigrateOnStart { get; set; } = true;

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (Provider == DatabaseProvider.Postgres && string.IsNullOrWhiteSpace(Connection))
        {
            yield return (nameof(Connection), "is required when the provider is postgres");
        }
        else if (Provider == DatabaseProvider.Postgres && !IsConnectionString(Connection))
        {
            yield return (
                nameof(Connection), "is not a connection string: write Host=…;Port=…;Database=…;Username=…;Password=…");
        }

        if (Provider == DatabaseProvider.Sqlite && string.IsNullOrWhiteSpace(Path))
        {
            yield return (nameof(Path), "is required when the provider is sqlite");
        }

        if (PoolMin > PoolMax)
        {
            yield return (nameof(PoolMin), "must not exceed PoolMax");
        }
    }

    // Npgsql's message is not passed on: it may quote what stands where a key is expected, such as a password with a
    // semicolon.
    private static bool IsConnectionString(string? text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is not null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException)
        {
            return false;
        }
    }
}

using Gatehouse.Foundation.Data;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Testing;

/// <summary>
/// An empty database of one's own: a temporary folder, or a database on the shared private PostgreSQL.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly PostgresServer? server;

    private TestDatabase(DatabaseOptions options, PostgresServer? server)
    {
        Options = options;
        this.server = server;
    }

    public DatabaseOptions Options { get; }

    public DatabaseProvider Provider => Options.Provider;

    public static TestDatabase Create(DatabaseProvider provider) =>
        provider == DatabaseProvider.Postgres ? CreateOn(PostgresServer.Shared) : Create(provider, server: null);

    /// <summary>On a server that the test may stop; what is in it ends with the server.</summary>
    public static TestDatabase CreateOn(PostgresServer server) => Create(DatabaseProvider.Postgres, server);

    /// <summary>
    /// A SQLite file on a memory disk where there is one: for many thousands of transactions whose durability is not
    /// what is asked about.
    /// </summary>
    public static TestDatabase CreateInMemory() =>
        Create(DatabaseProvider.Sqlite, server: null, ScratchFolder.CreateInMemory());

    /// <summary>A SQLite file on that disk.</summary>
    public static TestDatabase CreateOn(SmallDisk disk) =>
        Create(DatabaseProvider.Sqlite, server: null, Path.Combine(disk.Folder, "data"));

    /// <summary>The same options as environment variables of the program.</summary>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>
            {
                ["GATEHOUSE_DATABASE__PROVIDER"] = Provider == DatabaseProvider.Postgres ? "postgres" : "sqlite",
                ["GATEHOUSE_DATABASE__PATH"] = Options.Path,
                ["GATEHOUSE_DATABASE__POOLMIN"] = $"{Options.PoolMin}",
                ["GATEHOUSE_DATABASE__POOLMAX"] = $"{Options.PoolMax}",
            };
            if (Options.Connection is not null)
            {
                settings["GATEHOUSE_DATABASE__CONNECTION"] = Options.Connection;
            }

            return settings;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            server.DropDatabase(Options.Connection!);
        }
        else
        {
            SqliteConnection.ClearAllPools();
        }

        Directory.Delete(Options.Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static TestDatabase Create(
        DatabaseProvider provider, PostgresServer? server, string? folder = null) => new(
        new DatabaseOptions
        {
            Provider = provider,
            Path = folder ?? ScratchFolder.Create(),
            Connection = server?.CreateDatabase(),
            // All tests share one server: no connection is kept open for later.
            PoolMin = 0,
            PoolMax = 20,
        },
        server);
}

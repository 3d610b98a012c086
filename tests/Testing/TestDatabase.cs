using Gatehouse.Foundation.Data;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Testing;

/// <summary>An empty database of one's own: a temporary folder, or a database on the shared private PostgreSQL.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(DatabaseOptions options) => Options = options;

    public DatabaseOptions Options { get; }

    public DatabaseProvider Provider => Options.Provider;

    public static TestDatabase Create(DatabaseProvider provider)
    {
        var connection = provider == DatabaseProvider.Postgres ? PostgresServer.Shared.CreateDatabase() : null;
        return new TestDatabase(new DatabaseOptions
        {
            Provider = provider,
            Path = ScratchFolder.Create(),
            Connection = connection,
            // All tests share one server: no connection is kept open for later.
            PoolMin = 0,
            PoolMax = 20,
        });
    }

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
        if (Options.Connection is not null)
        {
            PostgresServer.Shared.DropDatabase(Options.Connection);
        }
        else
        {
            SqliteConnection.ClearAllPools();
        }

        Directory.Delete(Options.Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}

using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Gatehouse.Foundation.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gatehouse.Testing;

/// <summary>
/// Finds every <c>const string</c> of the nested <c>Sql</c> classes of a module and has a migrated database prepare it:
/// a typo in a column fails the build and not a request.
/// </summary>
public static partial class SqlTexts
{
    // What is private in a nested class is a part of its other texts: nobody outside it can run it.
    private const BindingFlags Constants = BindingFlags.Static | BindingFlags.Public;

    /// <summary>
    /// What this engine runs: a constant named after an engine (<c>Sql.Insert.Postgres</c>) is for it alone.
    /// </summary>
    public static IReadOnlyList<(string Name, string Text)> Of(Assembly assembly, DatabaseProvider provider) =>
    [
        .. from type in assembly.GetTypes()
           where type.FullName!.Split('+').Skip(1).Contains("Sql")
           from field in type.GetFields(Constants)
           where field.IsLiteral && field.FieldType == typeof(string)
           where !Enum.TryParse<DatabaseProvider>(field.Name, out var only) || only == provider
           select ($"{type.FullName}.{field.Name}", (string)field.GetRawConstantValue()!),
    ];

    /// <summary>
    /// Migrates the module's database and prepares each text; answers what is wrong, one line a text.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Faults(
        TestDatabase database,
        string module,
        Assembly assembly,
        IEnumerable<(string Name, string Text)> texts,
        CancellationToken cancellation = default)
    {
        await using var owned = DataRegistration.Open(module, database.Options);
        var migrator = new Migrator([new(owned, assembly)], TimeProvider.System, NullLogger<Migrator>.Instance);
        await migrator.Up(module, cancellation);
        await using var connection = Connection(database.Options, module);
        await connection.OpenAsync(cancellation);

        var faults = new List<string>();
        foreach (var (name, text) in texts)
        {
            try
            {
                await Prepare(connection, text, cancellation);
            }
            catch (DbException exception)
            {
                faults.Add($"{name}: {exception.Message}");
            }
        }

        return faults;
    }

    private static DbConnection Connection(DatabaseOptions options, string module) =>
        options.Provider == DatabaseProvider.Postgres
            ? new NpgsqlConnection($"{options.Connection};Search Path={module};Pooling=false")
            : new SqliteConnection($"Data Source={Path.Combine(options.Path, $"{module}.db")};Pooling=false");

    private static async Task Prepare(DbConnection connection, string text, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        if (connection is SqliteConnection)
        {
            command.CommandText = text;
            await command.PrepareAsync(cancellation);
            return;
        }

        // PREPARE infers the types of its parameters, so that no values are needed.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        command.CommandText = "PREPARE checked AS " + Parameter().Replace(text, match =>
        {
            numbers.TryAdd(match.Value, numbers.Count + 1);
            return $"${numbers[match.Value]}";
        });
        await command.ExecuteNonQueryAsync(cancellation);
        command.CommandText = "DEALLOCATE checked";
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [GeneratedRegex(@"@\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}

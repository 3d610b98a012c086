using System.Reflection;
using Dapper;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Data;

public static class DataRegistration
{
    /// <summary>Gives a module its database, keyed by its name, and lets the migrator know of it.</summary>
    /// <param name="services">Of the process.</param>
    /// <param name="name">Of the module.</param>
    /// <param name="migrations">Carries them.</param>
    /// <param name="isVital">Without it the process is not ready.</param>
    public static IServiceCollection AddModuleDatabase(
        this IServiceCollection services, string name, Assembly migrations, bool isVital = true)
    {
        TypeHandlers.Register();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        services.AddKeyedSingleton(name, (provider, _) =>
        {
            var database = Open(name, provider.GetRequiredService<DatabaseOptions>());
            // A file is there or is not: nothing is saved by not asking it.
            database.Guard = database.Provider == DatabaseProvider.Postgres
                ? provider.GetRequiredService<Dependencies>()
                    .Get(DatabaseFaults.Dependency(name), DatabaseFaults.Policy)
                : null;
            return database;
        });
        // Not AddHostedService, which takes the second of a type for the first again.
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<SignalListener>(
            provider, provider.GetRequiredKeyedService<Database>(name)));
        services.AddDependencies().TryAddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton(provider =>
            new MigratedDatabase(provider.GetRequiredKeyedService<Database>(name), migrations) { IsVital = isVital });
        return services;
    }

    /// <summary>A database outside the container, for tests and tools.</summary>
    /// <param name="name">Lower-case letters: it becomes the name of a file or of a schema.</param>
    public static Database Open(string name, DatabaseOptions options)
    {
        if (name.Length == 0 || !name.All(char.IsAsciiLetterLower))
        {
            throw new ArgumentException($"The name of a database is lower-case letters, not '{name}'.", nameof(name));
        }

        TypeHandlers.Register();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        return options.Provider == DatabaseProvider.Sqlite
            ? new SqliteDatabase(name, options)
            : new PostgresDatabase(name, options);
    }
}

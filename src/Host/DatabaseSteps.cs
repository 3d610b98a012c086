using System.Data.Common;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Host;

/// <summary>Work on the modules' databases, whose failures are told to an operator and not to a developer.</summary>
internal static class DatabaseSteps
{
    /// <summary>
    /// Before a start: the migrations where the settings ask for them, else a look whether all were applied.
    /// </summary>
    public static Task Prepare(IServiceProvider services, CancellationToken cancellation) => Attempt(async () =>
    {
        if (services.GetRequiredService<DatabaseOptions>().MigrateOnStart)
        {
            await services.GetRequiredService<Migrator>().Up(null, cancellation);
            return;
        }

        var all = await services.GetRequiredService<Migrator>().Status(module: null, cancellation);
        var pending = all.Where(migration => migration.AppliedAt is null).ToList();
        if (pending.Count > 0)
        {
            var names = pending.Select(migration => $"{migration.Module} {migration.Version}_{migration.Name}");
            throw new StartupException(
                $"Migrations are pending: {string.Join(", ", names)}. Run 'gatehouse migrate up' first.");
        }
    });

    /// <exception cref="StartupException">Instead of what the database or the migrator threw.</exception>
    public static async Task Attempt(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (Explain(failure) is { } reason)
        {
            throw new StartupException(reason, failure);
        }
    }

    /// <summary>The failure in an operator's words; null when it is a bug.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        DbException or TimeoutException => $"The database does not answer as it should: {failure.Message}",
        IOException or UnauthorizedAccessException => $"The data folder cannot be used: {failure.Message}",
        StartupException => failure.Message,
        _ => null,
    };
}

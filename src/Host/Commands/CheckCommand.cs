using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging.Rabbit;
using Gatehouse.Foundation.Modules;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Secrets;

namespace Gatehouse.Host.Commands;

/// <summary>
/// <c>gatehouse check</c>: what would stop a start or be missed after it, all at once. It makes and changes nothing.
/// </summary>
internal sealed class CheckCommand
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(10);

    private int faults;

    private CheckCommand()
    {
    }

    public static Command Create(SettingOptions settings)
    {
        var check = new Command("check",
            "Look at settings, secrets, databases, Redis and broker without starting, and name all faults at once.");
        check.SetAction((line, cancellation) => new CheckCommand().Run(settings.Load(line), cancellation));
        return check;
    }

    private async Task<int> Run(Settings settings, CancellationToken cancellation)
    {
        CheckSettings(settings);
        await CheckConnections(settings, cancellation);
        if (settings.IsSound<DatabaseOptions>())
        {
            // Where no key is kept a start makes one, and that opens nothing sealed before: nor does this one.
            var key = RandomNumberGenerator.GetBytes(SecretBox.KeyBytes);
            var hasKey = settings.IsSound<SecretsOptions>() && CheckSecretKey(settings, ref key);
            await using var services = Composition.ForCommand(
                settings, also => also.AddSingleton(new SecretBox(key)));
            await Try("data folder", () => CheckFolder(settings.Get<DatabaseOptions>()));
            await CheckDatabases(services, hasKey, cancellation);
            await CheckModulesWithoutDatabase(services, cancellation);
        }
        else
        {
            Console.WriteLine("skipped  databases and secrets: the Database settings are at fault");
        }

        Console.WriteLine(faults == 0 ? "All is well." : $"{faults} {(faults == 1 ? "fault" : "faults")}.");
        return faults == 0 ? CommandRun.Fine : CommandRun.Failed;
    }

    private void CheckSettings(Settings settings)
    {
        foreach (var fault in settings.Faults)
        {
            Fault($"setting {fault}");
        }

        if (settings.Faults.Count == 0)
        {
            Fine($"settings: {settings.Entries.Count}, environment {settings.Environment}");
        }
    }

    // A start would not wait for either; but who set them wants them.
    private async Task CheckConnections(Settings settings, CancellationToken cancellation)
    {
        if (settings.IsSound<RedisOptions>() && settings.Get<RedisOptions>() is { Connection.Length: > 0 } redis)
        {
            Tell("redis", await RedisCheck.Fault(redis, cancellation));
        }

        if (settings.IsSound<BrokerOptions>() && settings.Get<BrokerOptions>() is { Connection.Length: > 0 } broker)
        {
            Tell("broker", await BrokerCheck.Fault(broker, cancellation));
        }
    }

    private void Tell(string what, string? fault)
    {
        if (fault is null)
        {
            Fine(what);
        }
        else
        {
            Fault($"{what}: {fault}");
        }
    }

    /// <summary>Tries it with a file that is gone at once, in the folder or where it would be made.</summary>
    private static Task CheckFolder(DatabaseOptions database)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            var folder = Path.GetFullPath(database.Path);
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
            {
                folder = above;
            }

            var probe = Path.Combine(folder, $".gatehouse-check-{Environment.ProcessId}");
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }

        return Task.CompletedTask;
    }

    private bool CheckSecretKey(Settings settings, ref byte[] key)
    {
        try
        {
            var found = SecretKey.Find(settings.Get<SecretsOptions>(), settings.Get<DatabaseOptions>());
            Fine(found is null ? "secret key: does not exist yet, will be made at start" : "secret key");
            key = found?.Bytes.ToArray() ?? key;
            return true;
        }
        catch (StartupException failure)
        {
            Fault($"secret key: {failure.Message}");
            return false;
        }
    }

    private async Task CheckDatabases(ServiceProvider services, bool hasKey, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(PatienceMax);
        foreach (var (database, _) in services.GetServices<MigratedDatabase>())
        {
            var readable = false;
            await Try($"database {database.Name}", async () =>
                readable = await CheckMigrations(services, database, patience.Token));
            foreach (var check in services.GetServices<IStartCheck>().Where(c => c.Module == database.Name))
            {
                await Try(check.Subject, () => CheckModule(check, readable && hasKey, patience.Token));
            }
        }
    }

    private async Task CheckModulesWithoutDatabase(ServiceProvider services, CancellationToken cancellation)
    {
        var databases = services.GetServices<MigratedDatabase>().Select(one => one.Database.Name).ToHashSet();
        foreach (var check in services.GetServices<IStartCheck>().Where(one => !databases.Contains(one.Module)))
        {
            await Try(check.Subject, () => CheckModule(check, readable: true, cancellation));
        }
    }

    /// <summary>Answers whether the tables are there, as the program knows them.</summary>
    private async Task<bool> CheckMigrations(
        ServiceProvider services, Database database, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var migrations = await services.GetRequiredService<Migrator>().Status(database.Name, cancellation);
        var applying = services.GetRequiredService<DatabaseOptions>().MigrateOnStart;
        Fine($"database {database.Name}: " + (migrations.All(m => m.AppliedAt is null)
            ? $"does not exist yet{(applying ? ", will be made at start" : "")}: {database.Place}"
            : string.Create(CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds:F1} ms, {database.Place}")));
        foreach (var migration in migrations)
        {
            CheckMigration(migration, applying);
        }

        return migrations.All(m => m is { AppliedAt: not null, Edited: false });
    }

    private void CheckMigration(MigrationStatus migration, bool applying)
    {
        var name = $"migration {migration.Module} {migration.Version}_{migration.Name}";
        if (migration.Edited)
        {
            Fault($"{name}: was edited after it was applied");
        }
        else if (migration.AppliedAt is null && !applying)
        {
            Fault($"{name}: is pending; run: gatehouse migrate up");
        }
        else
        {
            Fine(migration.AppliedAt is null ? $"{name}: will be applied at start" : name);
        }
    }

    private async Task CheckModule(IStartCheck check, bool readable, CancellationToken cancellation)
    {
        var found = await check.Faults(readable, cancellation);
        foreach (var fault in found)
        {
            Fault($"{check.Subject}: {fault}");
        }

        if (found.Count == 0 && readable)
        {
            Fine(check.Subject);
        }
    }

    private async Task Try(string what, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (OperationCanceledException)
        {
            Fault($"{what}: no answer within {PatienceMax.TotalSeconds} s");
        }
        catch (Exception failure) when (DatabaseSteps.Explain(failure) is { } reason)
        {
            Fault($"{what}: {reason}");
        }
    }

    private static void Fine(string what) => Console.WriteLine($"fine     {what}");

    private void Fault(string what)
    {
        faults++;
        Console.Error.WriteLine($"FAULT    {what}");
    }
}

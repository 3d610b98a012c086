using System.CommandLine;
using System.Globalization;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse check</c>: what would stop a start, all at once.</summary>
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
            "Look at settings, secrets, databases and migrations without starting, and name all faults at once.");
        check.SetAction((line, cancellation) => new CheckCommand().Run(settings.Load(line), cancellation));
        return check;
    }

    private async Task<int> Run(Settings settings, CancellationToken cancellation)
    {
        CheckSettings(settings);
        if (settings.IsSound<DatabaseOptions>())
        {
            if (settings.IsSound<SecretsOptions>())
            {
                CheckSecrets(settings);
            }

            await using var services = Composition.ForCommand(settings);
            await CheckDatabases(services, cancellation);
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

    private void CheckSecrets(Settings settings)
    {
        if (SecretKey.Fault(settings.Get<SecretsOptions>(), settings.Get<DatabaseOptions>()) is { } reason)
        {
            Fault($"secret key: {reason}");
        }
        else
        {
            Fine("secret key");
        }
    }

    private async Task CheckDatabases(ServiceProvider services, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(PatienceMax);
        var before = faults;
        foreach (var name in Modules.Served(services.GetRequiredService<RuntimeOptions>()).Select(m => m.Name))
        {
            await Try($"database {name}", async () =>
            {
                if (services.GetKeyedService<Database>(name) is { } database)
                {
                    var latency = await database.Ping(patience.Token);
                    Fine(string.Create(
                        CultureInfo.InvariantCulture, $"database {name}: {latency.TotalMilliseconds:F1} ms"));
                }
            });
        }

        if (faults == before)
        {
            await Try("migrations", () => CheckMigrations(services, patience.Token));
        }
    }

    private async Task CheckMigrations(ServiceProvider services, CancellationToken cancellation)
    {
        var applying = services.GetRequiredService<DatabaseOptions>().MigrateOnStart;
        foreach (var migration in await services.GetRequiredService<Migrator>().Status(cancellation))
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

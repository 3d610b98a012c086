using System.CommandLine;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse audit verify</c>.</summary>
internal static class AuditCommand
{
    public static Command Create(SettingOptions settings)
    {
        var module = new Option<string?>("--module")
        {
            Description = "Only this module's log; all of them otherwise.",
            HelpName = "name",
        };
        var verify = new Command(
            "verify",
            "Follow the chain of hashes, and name the first row that is not as it was written. Exits 1 when there is " +
            "one. Note the hash it prints elsewhere: whoever owns the database can make a new chain, not that hash.")
        {
            module,
        };
        verify.SetAction((line, cancellation) => Verify(
            settings.LoadSound(line), line.GetValue(module), cancellation));
        return new Command("audit", "Look after the audit log.") { verify };
    }

    private static async Task<int> Verify(Settings settings, string? module, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        var databases = services.GetServices<MigratedDatabase>().Select(one => one.Database)
            .Where(database => module is null || database.Name == module).ToList();
        if (databases.Count == 0)
        {
            throw new WrongUseException($"There is no module '{module}' with a database here.");
        }

        var broken = 0;
        await DatabaseSteps.Attempt(async () =>
        {
            await RequireMigrated(services, module, cancellation);
            foreach (var database in databases)
            {
                broken += Tell(database.Name, await AuditVerifier.Verify(database, cancellation)) ? 0 : 1;
            }
        });
        return broken == 0 ? CommandRun.Fine : CommandRun.Failed;
    }

    // Before the first table there is no log to look at, and looking would make the file.
    private static async Task RequireMigrated(
        ServiceProvider services, string? module, CancellationToken cancellation)
    {
        var all = await services.GetRequiredService<Migrator>().Status(module, cancellation);
        if (all.FirstOrDefault(migration => migration.AppliedAt is null) is { } pending)
        {
            throw new StartupException(
                $"Migration {pending.Version}_{pending.Name} of {pending.Module} is pending. " +
                "Run 'gatehouse migrate up' first.");
        }
    }

    private static bool Tell(string module, AuditVerdict verdict)
    {
        if (verdict.FirstBroken is { } row)
        {
            Console.Error.WriteLine($"BROKEN   {module}: row {row}: {verdict.Fault}");
            return false;
        }

        Console.WriteLine($"fine     {module}: {verdict.Rows} rows, head {verdict.Head}");
        return true;
    }
}

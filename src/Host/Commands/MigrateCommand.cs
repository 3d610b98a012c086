using System.CommandLine;
using System.Globalization;
using Gatehouse.Foundation.Data;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse migrate up|down|status</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(SettingOptions settings) =>
        new("migrate", "Bring the databases up, down, or say where they stand.")
        {
            Up(settings),
            Down(settings),
            Status(settings),
        };

    private static Command Up(SettingOptions settings)
    {
        var module = Module("Only this module's database; all of them otherwise.");
        var up = new Command("up", "Apply what is pending, in order.") { module };
        up.SetAction((line, cancellation) => With(settings, line,
            migrator => migrator.Up(line.GetValue(module), cancellation), cancellation));
        return up;
    }

    private static Command Down(SettingOptions settings)
    {
        var module = Module("The module whose newest migrations are taken back.");
        module.Required = true;
        var steps = new Option<int>("--steps")
        {
            Description = "How many, newest first.",
            HelpName = "number",
            DefaultValueFactory = _ => 1,
            Validators =
            {
                result =>
                {
                    if (result.GetValueOrDefault<int>() < 1)
                    {
                        result.AddError("--steps takes a whole number from 1.");
                    }
                },
            },
        };
        var yes = new Option<bool>("--yes")
        {
            Description = "Do it; without this it only shows the statements that would run.",
        };
        var down = new Command(
            "down", "Take back a module's newest migrations. What they had made is deleted with its data.")
        {
            module,
            steps,
            yes,
        };
        down.SetAction((line, cancellation) => With(settings, line, async migrator =>
        {
            var (name, count) = (line.GetRequiredValue(module)!, line.GetValue(steps));
            if (!line.GetValue(yes))
            {
                Refuse(await migrator.DownTexts(name, count, cancellation));
            }

            await migrator.Down(name, count, cancellation);
        }, cancellation));
        return down;
    }

    private static void Refuse(IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            throw new WrongUseException(
                $"This would run, and delete what is in these tables:\n\n{string.Join('\n', texts)}\n" +
                "Nothing was done. Add --yes to do it.");
        }
    }

    private static Command Status(SettingOptions settings)
    {
        var status = new Command("status", "List every migration: applied and when, pending, or edited since.");
        status.SetAction((line, cancellation) => With(settings, line, _ => Task.CompletedTask, cancellation));
        return status;
    }

    private static Option<string?> Module(string description) =>
        new("--module") { Description = description, HelpName = "name" };

    /// <summary>Does the work and shows how things stand after it.</summary>
    private static async Task<int> With(
        SettingOptions settings, ParseResult line, Func<Migrator, Task> work, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings.LoadSound(line));
        await DatabaseSteps.Attempt(async () =>
        {
            var migrator = services.GetRequiredService<Migrator>();
            await work(migrator);
            foreach (var migration in await migrator.Status(null, cancellation))
            {
                Console.WriteLine(
                    $"{migration.Module,-12} {migration.Version}_{migration.Name,-28} {Standing(migration)}");
            }
        });
        return CommandRun.Fine;
    }

    private static string Standing(MigrationStatus migration) => migration switch
    {
        { AppliedAt: null } => "pending",
        { Edited: true } => "edited after it was applied",
        _ => $"applied {migration.AppliedAt.Value.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
    };
}

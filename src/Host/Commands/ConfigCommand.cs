using System.CommandLine;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary>
/// <c>gatehouse config print</c>, and the hidden <c>config reference</c> that writes docs/configuration.md.
/// </summary>
internal static class ConfigCommand
{
    private const int ValueColumn = 60;

    public static Command Create(SettingOptions settings)
    {
        var print = new Command("print", "Print each setting in force and where it came from, secrets masked.");
        print.SetAction(line => Print(settings.Load(line)));

        var reference = new Command("reference", "Print docs/configuration.md.") { Hidden = true };
        reference.SetAction(_ => Console.Write(ConfigurationReference.Render(Modules.Options)));

        return new Command("config", "Show the settings.") { print, reference };
    }

    /// <summary>
    /// In the form of a .env file. With faults it prints all the same, with the defaults that stand in for what is at
    /// fault.
    /// </summary>
    private static int Print(Settings settings)
    {
        foreach (var entry in settings.Entries)
        {
            Console.WriteLine($"{$"{entry.Key}={entry.Value}".PadRight(ValueColumn)} # {entry.Source}");
        }

        if (settings.Faults.Count > 0)
        {
            throw new StartupException(SettingFault.Message(settings.Faults));
        }

        return CommandRun.Fine;
    }
}

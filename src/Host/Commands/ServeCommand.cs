using System.CommandLine;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse serve</c>, and <c>gatehouse</c> alone.</summary>
internal static class ServeCommand
{
    public static Command Create(SettingOptions settings)
    {
        var serve = new Command(
            "serve", "Serve the API until SIGTERM or SIGINT; this is what happens without a command.");
        Serve(serve, settings);
        return serve;
    }

    public static void MakeDefault(RootCommand root, SettingOptions settings) => Serve(root, settings);

    private static void Serve(Command command, SettingOptions settings)
    {
        command.Options.Add(settings.Url);
        command.SetAction(async (line, cancellation) =>
        {
            await Server.Run(settings.LoadSound(line), cancellation);
            return CommandRun.Fine;
        });
    }
}

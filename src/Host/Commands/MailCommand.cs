using System.CommandLine;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse mail test</c>.</summary>
internal static class MailCommand
{
    public static Command Create(SettingOptions settings)
    {
        var to = new Option<string>("--to")
        {
            Description = "Who gets the test mail.",
            HelpName = "address",
            Required = true,
        };
        var test = new Command("test", "Send a test mail now, the way the settings say, and tell where it went.")
        {
            to,
        };
        test.SetAction((line, cancellation) => Test(
            settings.LoadSound(line), line.GetRequiredValue(to), cancellation));
        return new Command("mail", "Look after e-mail.") { test };
    }

    private static async Task<int> Test(Settings settings, string to, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        var mails = services.GetService<IMails>()
            ?? throw new StartupException(
                "E-mail belongs to the notifications module, which GATEHOUSE_MODULES leaves out.");
        try
        {
            var sent = await mails.Test(to, cancellation);
            if (sent.Failed(out var problem))
            {
                throw new StartupException($"--to {problem.Errors["to"][0]}");
            }

            Console.WriteLine($"The test mail for {to} went to {sent.Value}.");
            return CommandRun.Fine;
        }
        catch (MailNotSentException failure)
        {
            throw new StartupException($"The test mail was not sent: {failure.Message}", failure);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse ticket-keys list|rotate</c>.</summary>
internal static class TicketKeysCommand
{
    public static Command Create(SettingOptions settings)
    {
        var list = new Command("list", "List them, newest first: id, when it was made, whether it signs.");
        list.SetAction((line, cancellation) => With(settings, line, async keys =>
        {
            foreach (var key in await keys.List(cancellation))
            {
                Tell(key);
            }
        }, cancellation));

        var rotate = new Command(
            "rotate", "Make the key that signs from now on. Tickets that were signed before stay valid.");
        rotate.SetAction((line, cancellation) => With(settings, line, async keys =>
        {
            var next = await keys.Rotate(cancellation);
            Tell(next.Failed(out var problem) ? throw new StartupException(problem.Detail) : next.Value);
        }, cancellation));
        return new Command("ticket-keys", "Look after the keys that sign ticket codes.") { list, rotate };
    }

    private static async Task<int> With(
        SettingOptions settings, ParseResult line, Func<ITicketKeys, Task> work, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings.LoadSound(line));
        var keys = services.GetService<ITicketKeys>() ?? throw new StartupException(
            "Ticket keys belong to the ticketing module, which GATEHOUSE_MODULES leaves out.");
        await DatabaseSteps.Attempt(async () =>
        {
            await DatabaseSteps.Prepare(services, cancellation);
            await work(keys);
        });
        return CommandRun.Fine;
    }

    private static void Tell(TicketKeyView key) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{key.Kid} {key.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {(key.Signs ? "signs" : "signed")}"));
}

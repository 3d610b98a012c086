using System.CommandLine;
using System.Globalization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse keys list|rotate</c>.</summary>
internal static class KeysCommand
{
    public static Command Create(SettingOptions settings)
    {
        var list = new Command(
            "list", "List them, newest first: id, algorithm, since when it signs, since when it does not, state.");
        list.SetAction((line, cancellation) => With(settings, line, async keys =>
        {
            foreach (var key in await keys.List(cancellation))
            {
                Tell(key);
            }
        }, cancellation));

        var now = new Option<bool>("--now")
        {
            Description = "For a key that somebody else may have: the new one signs at once and all others are " +
                          "deleted. Every access token becomes void; clients refresh.",
        };
        var rotate = new Command(
            "rotate", "Make the key that signs next. It is published now and begins when everybody knows it.") { now };
        rotate.SetAction((line, cancellation) => With(settings, line, async keys =>
        {
            if (line.GetValue(now))
            {
                Tell(await keys.Replace(cancellation));
                return;
            }

            var next = await keys.Rotate(cancellation);
            Tell(next.Failed(out var problem) ? throw new StartupException(problem.Detail) : next.Value);
        }, cancellation));
        return new Command("keys", "Look after the keys that sign access tokens.") { list, rotate };
    }

    private static async Task<int> With(
        SettingOptions settings, ParseResult line, Func<ISigningKeys, Task> work, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings.LoadSound(line));
        var keys = services.GetService<ISigningKeys>() ?? throw new StartupException(
            "Signing keys belong to the identity module, which GATEHOUSE_MODULES leaves out.");
        await DatabaseSteps.Attempt(async () =>
        {
            await DatabaseSteps.Prepare(services, cancellation);
            await work(keys);
        });
        return CommandRun.Fine;
    }

    private static void Tell(SigningKeyView key)
    {
        var state = key.Signs ? "signs" : key.RetiredAt is null ? "next" : "retired";
        Console.WriteLine(
            $"{key.Kid} {key.Algorithm} {Time(key.ActivatesAt)} {(key.RetiredAt is { } at ? Time(at) : "-")} {state}");
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

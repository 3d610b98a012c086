using System.CommandLine;
using System.Globalization;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse dead-letters list|show|replay|discard</c>.</summary>
internal static class DeadLettersCommand
{
    public static Command Create(SettingOptions settings) =>
        new("dead-letters", "Look at integration events that consumers gave up on, try them again, or drop them.")
        {
            List(settings),
            Show(settings),
            Replay(settings),
            Discard(settings),
        };

    private static Command List(SettingOptions settings)
    {
        var (consumer, type) = (Consumer(), Type());
        var list = new Command("list", "List them, newest first: id, time, consumer, type, attempts, last error.")
        {
            consumer,
            type,
        };
        list.SetAction((line, cancellation) => With(settings, line, async letters =>
        {
            var filter = new DeadLetterFilter(line.GetValue(consumer), line.GetValue(type));
            Cursor? after = null;
            var more = true;
            while (more)
            {
                var page = await letters.List(filter, new PageRequest(PageRequest.LimitMax, null, after), cancellation);
                foreach (var letter in page.Items)
                {
                    Console.WriteLine(
                        $"{letter.Id} {Time(letter.DiedAt)} {letter.Consumer} {letter.Type} " +
                        $"{letter.Attempts} {FirstLine(letter.Error)}");
                }

                more = Cursor.TryParse(page.NextCursor, out after);
            }
        }, cancellation));
        return list;
    }

    private static Command Show(SettingOptions settings)
    {
        var id = Id();
        var show = new Command("show", "Show one with its error and payload.") { id };
        show.SetAction((line, cancellation) => With(settings, line, async letters =>
        {
            var letter = Sound(await letters.Get(line.GetRequiredValue(id), cancellation));
            Console.WriteLine(
                $"""
                id         {letter.Id}
                consumer   {letter.Consumer}
                event      {letter.EventId} {letter.Type} of {letter.AggregateId}
                occurred   {Time(letter.OccurredAt)}
                received   {Time(letter.ReceivedAt)}
                given up   {Time(letter.DiedAt)} after {letter.Attempts} attempts
                error      {Printable(letter.Error)}
                payload    {Printable(letter.Payload)}
                """);
        }, cancellation));
        return show;
    }

    private static Command Replay(SettingOptions settings)
    {
        var (id, consumer, type) = (Id(ArgumentArity.ZeroOrOne), Consumer(), Type());
        var all = new Option<bool>("--all")
        {
            Description = "Every one, or with --consumer or --type those of it.",
        };
        var replay = new Command("replay", "Give one, or all, to their consumers again.") { id, all, consumer, type };
        replay.SetAction((line, cancellation) => With(settings, line, async letters =>
        {
            var one = line.GetResult(id) is not null && line.GetValue(id) != Guid.Empty;
            if (one == line.GetValue(all))
            {
                throw new WrongUseException("Say which: an id, or --all.");
            }

            var replayed = 1;
            if (one)
            {
                Sound(await letters.Replay(line.GetValue(id), cancellation));
            }
            else
            {
                var filter = new DeadLetterFilter(line.GetValue(consumer), line.GetValue(type));
                replayed = await letters.Replay(filter, cancellation);
            }

            Console.WriteLine($"{replayed} replayed");
        }, cancellation));
        return replay;
    }

    private static Command Discard(SettingOptions settings)
    {
        var id = Id();
        var discard = new Command("discard", "Drop one for good.") { id };
        discard.SetAction((line, cancellation) => With(settings, line, async letters =>
        {
            Sound(await letters.Discard(line.GetRequiredValue(id), cancellation));
            Console.WriteLine("1 discarded");
        }, cancellation));
        return discard;
    }

    private static async Task<int> With(
        SettingOptions settings, ParseResult line, Func<DeadLetters, Task> work, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings.LoadSound(line));
        await DatabaseSteps.Attempt(async () =>
        {
            await DatabaseSteps.Prepare(services, cancellation);
            await work(services.GetRequiredService<DeadLetters>());
        });
        return CommandRun.Fine;
    }

    private static T Sound<T>(Result<T> result) =>
        result.Failed(out var problem) ? throw new StartupException(problem.Detail) : result.Value;

    private static Argument<Guid> Id(ArgumentArity? arity = null) => new("id")
    {
        Description = "Of the dead letter, as the list has it.",
        Arity = arity ?? ArgumentArity.ExactlyOne,
    };

    private static Option<string?> Consumer() =>
        new("--consumer") { Description = "Only of this consumer.", HelpName = "name" };

    private static Option<string?> Type() =>
        new("--type") { Description = "Only events of this type.", HelpName = "type" };

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string FirstLine(string text) => Printable(text.Split('\n')[0].TrimEnd());

    // What somebody else sent must not move this terminal's cursor.
    private static string Printable(string? text) => string.Concat(
        (text ?? "").Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\ufffd' : c));
}

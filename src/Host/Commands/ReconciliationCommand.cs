using System.CommandLine;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Kernel;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse reconciliation</c>.</summary>
internal static class ReconciliationCommand
{
    public static Command Create(SettingOptions settings)
    {
        var command = new Command(
            "reconciliation",
            "List what does not add up between money, places and tickets: kind, event, id, what should be, what is. " +
            "Exits 1 when there is anything.");
        command.SetAction((line, cancellation) => List(settings.LoadSound(line), cancellation));
        return command;
    }

    private static async Task<int> List(Settings settings, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        var reconciliation = services.GetService<IReconciliation>()
            ?? throw new WrongUseException("The box office is not among the modules here.");
        var found = 0;
        await DatabaseSteps.Attempt(async () =>
        {
            Cursor? after = null;
            do
            {
                var page = await reconciliation.List(new PageRequest(PageRequest.LimitMax, null, after), cancellation);
                foreach (var one in page.Items)
                {
                    Console.WriteLine($"{one.Kind} {one.EventId} {one.Id} {one.Expected} {one.Actual}");
                }

                found += page.Items.Count;
                after = Cursor.TryParse(page.NextCursor, out var next) ? next : null;
            }
            while (after is not null);
        });
        Console.WriteLine(found == 0 ? "everything adds up" : $"{found} do not add up");
        return found == 0 ? CommandRun.Fine : CommandRun.Failed;
    }
}

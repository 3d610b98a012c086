using System.CommandLine;
using System.Globalization;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary><c>gatehouse journal check</c>.</summary>
internal static class JournalCommand
{
    public static Command Create(SettingOptions settings)
    {
        var user = new Option<Guid?>("--user") { Description = "Only the journal of the account with this id." };
        var repair = new Option<bool>("--repair") { Description = "Count anew what does not add up." };
        var check = new Command(
            "check",
            "Hold the counts behind the statistics against the entries: account, what is counted, its period, what " +
            "should be, what is. Exits 1 when there is anything that is not repaired.")
        {
            user,
            repair,
        };
        check.SetAction((line, cancellation) => Check(
            settings.LoadSound(line), line.GetValue(user), line.GetValue(repair), cancellation));
        return new Command("journal", "Look after journals.") { check };
    }

    private static async Task<int> Check(Settings settings, Guid? only, bool repair, CancellationToken cancellation)
    {
        await using var services = Composition.ForCommand(settings);
        var journals = services.GetService<IJournalCheck>()
            ?? throw new WrongUseException("The journal is not among the modules here.");
        var (looked, wrong) = (0, 0);
        await DatabaseSteps.Attempt(async () =>
        {
            IReadOnlyList<Guid> users = only is { } one ? [one] : await journals.Journals(Guid.Empty, cancellation);
            while (users.Count > 0)
            {
                foreach (var user in users)
                {
                    wrong += await CheckOne(journals, user, repair, cancellation) ? 0 : 1;
                    looked++;
                }

                users = only is null ? await journals.Journals(users[^1], cancellation) : [];
            }
        });
        Console.WriteLine(
            wrong == 0 ? $"{looked} journals add up" : $"{wrong} of {looked} journals do not add up");
        return wrong == 0 ? CommandRun.Fine : CommandRun.Failed;
    }

    /// <summary>Whether it adds up in the end.</summary>
    private static async Task<bool> CheckOne(
        IJournalCheck journals, Guid user, bool repair, CancellationToken cancellation)
    {
        var differences = await journals.Check(user, cancellation);
        foreach (var one in differences)
        {
            var period = one.Period?.ToString("O", CultureInfo.InvariantCulture) ?? "-";
            Console.WriteLine(
                $"{user} {one.Kind} {one.Grain ?? "-"} {period} " +
                $"{string.Join(',', one.Expected)} {string.Join(',', one.Actual)}");
        }

        if (differences.Count == 0 || !repair)
        {
            return differences.Count == 0;
        }

        await journals.Repair(user, cancellation);
        var left = await journals.Check(user, cancellation);
        Console.WriteLine(left.Count == 0 ? $"{user} repaired" : $"{user} could not be repaired");
        return left.Count == 0;
    }
}

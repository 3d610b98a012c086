using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Tests.Statistics;

/// <summary>One journal and what happens to it, all of it drawn from a seed.</summary>
internal sealed class History
{
    private const int StepsMax = 40;

    public static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe",
        "Africa/Casablanca",
    ];

    // Clocks are put forward or back, hours come twice or never, and Samoa goes without a day.
    private static readonly DateTimeOffset[] Turns =
    [
        Utc("2029-10-28T01:00"), Utc("2030-03-31T01:00"), Utc("2010-11-07T02:31"), Utc("2011-03-13T03:31"),
        Utc("1985-12-31T18:30"), Utc("2011-12-30T10:00"), Utc("2030-04-06T15:00"), Utc("2029-10-06T15:30"),
        Utc("2030-01-06T02:00"), Utc("2030-02-10T02:00"),
    ];

    private static readonly string[] Names = ["Work", "Home", "Outdoors", "Sport"];
    private static readonly string[] Words = ["tea", "milk", "rain", "sun", "sea"];

    private readonly Random random;
    private readonly Diary diary;
    private readonly Caller owner = Diary.Person();
    private readonly Dictionary<Guid, EntryView> live = [];
    private readonly Dictionary<Guid, (EntryView Entry, DateTimeOffset At)> deleted = [];
    private readonly List<string> steps = [];
    private string zone = "UTC";
    private DateTimeOffset zoneSaidAt = DateTimeOffset.MinValue;

    private History(int seed, Diary diary) => (random, this.diary) = (new Random(seed), diary);

    /// <summary>Plays it to its end; throws with the seed and all steps where an answer is wrong.</summary>
    public static async Task Play(int seed, Diary diary)
    {
        var history = new History(seed, diary);
        try
        {
            await history.Run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"""
                History {seed} went wrong: {exception.Message}
                Again: GATEHOUSE_TEST_SEED={seed} ./test Journal
                {string.Join('\n', history.steps)}
                """,
                exception);
        }
    }

    private async Task Run()
    {
        for (var count = random.Next(8, StepsMax); count > 0; count--)
        {
            await Step();
            if (random.Next(4) == 0)
            {
                await Check(isSettled: false);
            }
        }

        await diary.Get<CountsBuilding>().Finish(owner.User, _ => Task.CompletedTask, default);
        await Check(isSettled: true);
    }

    private Task Step() => random.Next(100) switch
    {
        < 34 => Write(),
        < 42 => WriteMany(),
        < 58 => Change(),
        < 68 => Delete(),
        < 74 => Restore(),
        < 77 => Prune(),
        < 84 => Move(),
        < 94 => Build(),
        _ => Wait(),
    };

    private async Task Write()
    {
        var request = Request();
        Note($"writes {request}");
        var entry = (await diary.Entries.Create(owner, request, null, default)).Value.Entry;
        live[entry.Id] = entry;
    }

    private async Task WriteMany()
    {
        CreateEntry[] requests = [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => Request())];
        requests[0] = random.Next(2) == 0 ? requests[0] with { Mood = 0 } : requests[0];
        Note($"writes {string.Join(", ", requests.Select(request => request.ToString()))}");
        var done = (await diary.Entries.CreateMany(owner, new CreateEntries(requests), null, default)).Value;
        foreach (var id in done.Results.Items.Where(item => item.Id is not null).Select(item => item.Id!.Value))
        {
            live[id] = (await diary.Entries.Get(owner, id, default)).Value;
        }
    }

    private async Task Change()
    {
        if (Pick(live.Keys) is not { } id)
        {
            return;
        }

        var next = Request();
        var change = random.Next(5) switch
        {
            0 => new UpdateEntry { Mood = next.Mood },
            1 => new UpdateEntry { At = next.At },
            2 => new UpdateEntry { Category = next.Category },
            3 => new UpdateEntry { Tags = new(next.Tags) },
            _ => new UpdateEntry { Text = "Another text.", Mood = next.Mood, At = next.At, Tags = new(next.Tags) },
        };
        Note($"changes {id} to {change.Mood} {change.At} {change.Category} {change.Tags}");
        live[id] = (await diary.Entries.Update(owner, id, change, null, default)).Value;
    }

    private async Task Delete()
    {
        if (Pick(live.Keys) is { } id)
        {
            Note($"deletes {id}");
            _ = (await diary.Entries.Delete(owner, id, null, default)).Value;
            deleted[id] = (live[id], diary.Time.Now());
            live.Remove(id);
        }
    }

    private async Task Restore()
    {
        if (Pick(deleted.Keys) is not { } id)
        {
            return;
        }

        Note($"restores {id}");
        var restored = await diary.Entries.Restore(owner, id, default);
        if (diary.Time.Now() - deleted[id].At < TimeSpan.FromDays(1))
        {
            live[id] = restored.Value;
        }
        else if (restored.Problem?.Code != ProblemCodes.NotFound)
        {
            throw new InvalidOperationException($"{id} came back too late");
        }

        deleted.Remove(id);
    }

    private Task<string> Prune()
    {
        Note("prunes");
        foreach (var id in deleted.Where(one => diary.Time.Now() - one.Value.At >= TimeSpan.FromDays(1))
            .Select(one => one.Key).ToList())
        {
            deleted.Remove(id);
        }

        return diary.Get<IEnumerable<ISchedule>>().Single(one => one.Name == "journal.prune-entries").Run(default);
    }

    // Sometimes told late, when another zone is known already, or of a place that no machine knows.
    private async Task Move()
    {
        var said = random.Next(6) == 0 ? "Mars/Olympus" : Zones[random.Next(Zones.Length)];
        var at = diary.Time.Now() - TimeSpan.FromMinutes(random.Next(4) == 0 ? 1 : 0);
        Note($"moves to {said}, said at {at:O}");
        if (said == "Mars/Olympus")
        {
            await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => diary.Tell(owner.User, said, at));
            return;
        }

        await diary.Tell(owner.User, said, at);
        if (at >= zoneSaidAt)
        {
            (zone, zoneSaidAt) = (said, at);
        }
    }

    // The builder dies after any of its steps, and there may be others.
    private async Task Build()
    {
        var count = random.Next(1, 6);
        Note($"builds {count} steps");
        while (count-- > 0 && await diary.Get<CountsBuilding>().Step(owner.User, random.Next(1, 5), default))
        {
            // One step more.
        }
    }

    private Task Wait()
    {
        var by = TimeSpan.FromMinutes(random.Next(1, 3_000));
        if (random.Next(3) == 0)
        {
            // What is made now has ids before those of a while ago.
            Note($"sets the clock back {by}");
            diary.Time.SetBack(by);
            return Task.CompletedTask;
        }

        Note($"waits {by}");
        diary.Time.Jump(by);
        return Task.CompletedTask;
    }

    private async Task Check(bool isSettled)
    {
        var until = random.Next(3) == 0 ? (DateOnly?)null : DateOnly.FromDateTime(
            diary.Time.Now().AddDays(-random.Next(0, 60)).UtcDateTime);
        var other = DateOnly.FromDateTime(diary.Time.Now().AddDays(-random.Next(0, 400)).UtcDateTime);
        var asked = new StatsQuery(
            until?.AddDays(-random.Next(1, random.Next(5) == 0 ? 20_000 : 500)),
            until,
            random.Next(1, 91),
            random.Next(2) == 0 ? other : null);
        asked = asked with { CompareUntil = asked.CompareFrom?.AddDays(random.Next(1, 100)) };
        Note($"asks {asked}");
        var view = (await diary.Get<IEntryStats>().Get(owner, asked, default)).Value;
        if (isSettled && view.TimeZone != zone)
        {
            throw new InvalidOperationException($"the journal is in {view.TimeZone}, not {zone}");
        }

        var at = TimeZoneInfo.FindSystemTimeZoneById(view.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(diary.Time.Now(), at).DateTime);
        new PlainFigures(live.Values, at, today).Check(view, asked);
        var total = (await diary.Entries.List(owner, new EntryFilter(), new PageRequest(1, 1, null), default)).Total;
        if (total != live.Count)
        {
            throw new InvalidOperationException($"{total} entries, not {live.Count}");
        }
    }

    private CreateEntry Request() => new(
        "A walk.",
        random.Next(1, 11),
        Names[random.Next(Names.Length)],
        At(),
        [.. Words.Where(_ => random.Next(4) == 0)]);

    private DateTimeOffset At() => random.Next(10) switch
    {
        < 4 => diary.Time.Now().AddMinutes(-random.Next(-1_439, 10 * 1_440)),
        < 8 => Turns[random.Next(Turns.Length)].AddMinutes(random.Next(-200, 200)),
        8 => Turns[random.Next(Turns.Length)].AddMinutes(random.Next(-4_000, 4_000)),
        _ => diary.Time.Now().AddHours(-random.Next(0, 40 * 8_766)),
    };

    private Guid? Pick(IReadOnlyCollection<Guid> from) =>
        from.Count == 0 ? null : from.Order().ElementAt(random.Next(from.Count));

    private void Note(string step) => steps.Add(step);

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}

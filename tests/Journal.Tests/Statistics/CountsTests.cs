using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Services;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests.Statistics;

/// <summary>Counts that are kept, built, held against the entries and mended.</summary>
public sealed class CountsTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Counts_are_right_when_two_instances_write_and_build_at_once(DatabaseProvider provider)
    {
        await using var one = await Diary.Open(provider);
        await using var other = one.Beside();
        var first = await one.Write(tags: "tea");
        await one.Tell(one.Ada.User, "Asia/Kathmandu");
        var random = new Random(7);
        var writing = Enumerable.Range(0, 80).Select(i => (Diary: i % 2 == 0 ? one : other, Kind: random.Next(6)))
            .Select(async step => _ = step.Kind switch
            {
                0 or 1 => (await step.Diary.Entries.Create(
                    one.Ada,
                    new CreateEntry("A walk.", 1 + random.Next(10), "Outdoors", Tags: ["tea"]),
                    null,
                    cancellation)).Problem,
                2 => (await step.Diary.Entries.Delete(one.Ada, first.Id, null, cancellation)).Problem,
                3 => (await step.Diary.Entries.Restore(one.Ada, first.Id, cancellation)).Problem,
                4 => (await step.Diary.Entries.Update(
                    one.Ada, first.Id, new UpdateEntry { Mood = 3, Category = "Home" }, null, cancellation)).Problem,
                _ => await Step(step.Diary, one.Ada.User),
            });
        await Task.WhenAll(writing);

        await one.Get<CountsBuilding>().Finish(one.Ada.User, _ => Task.CompletedTask, cancellation);
        Assert.Empty(await one.Get<IJournalCheck>().Check(one.Ada.User.Value, cancellation));
        var stats = (await one.Get<IEntryStats>().Get(one.Ada, new StatsQuery(), cancellation)).Value;
        Assert.Equal("Asia/Kathmandu", stats.TimeZone);
        Assert.Equal(await one.Total(), stats.Summary.Count);
        Assert.Equal(
            await one.Query<long>("SELECT count(DISTINCT generation) FROM mood_counts"), [1L]);
    }

    [OnEveryDatabase]
    public async Task Journal_from_before_is_counted_before_it_is_shown(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        await diary.Write(mood: 4);
        await diary.Write(mood: 9);
        await diary.Change("DELETE FROM mood_counts");
        await diary.Change("UPDATE journals SET generation = 0, last_generation = 0");
        var stats = diary.Get<IEntryStats>();
        var refused = await stats.Get(diary.Ada, new StatsQuery(), cancellation);
        await diary.Write(mood: 5);

        var schedule = diary.Get<IEnumerable<ISchedule>>().Single(one => one.Name == CountsBuilding.JobKind);
        Assert.Equal("1 journals counted", await schedule.Run(cancellation));

        Assert.Equal("busy", refused.Problem?.Code.Name);
        Assert.NotNull(refused.Problem?.RetryAfter);
        var view = (await stats.Get(diary.Ada, new StatsQuery(), cancellation)).Value;
        Assert.Equal((3L, 6.0, 5.0), (view.Summary.Count, view.Summary.Mean, view.Summary.Median));
        Assert.Equal("0 journals counted", await schedule.Run(cancellation));
    }

    [OnEveryDatabase]
    public async Task Check_finds_each_count_that_is_wrong_and_repairs_it(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        await diary.Write(mood: 4, tags: ["tea", "milk"]);
        await diary.Write(mood: 8, at: diary.Time.GetUtcNow().AddDays(-70));
        var check = diary.Get<IJournalCheck>();
        var user = diary.Ada.User.Value;
        Assert.Equal([user], await check.Journals(Guid.Empty, cancellation));
        Assert.Empty(await check.Check(user, cancellation));

        await diary.Change("UPDATE journals SET entries = entries + 1");
        await diary.Change("UPDATE mood_counts SET m4 = 5 WHERE kind = 'tag' AND grain = 'day' AND key = 'tea'");
        await diary.Change("DELETE FROM mood_counts WHERE kind = 'category' AND grain = 'month' AND m8 = 1");
        await diary.Change("DELETE FROM mood_counts WHERE kind = 'all' AND m8 = 1");
        var found = await check.Check(user, cancellation);
        await check.Repair(user, cancellation);

        Assert.Equal(
            ["all day 2030-02-20", "category month 2030-02-01", "entries  ", "tag day 2030-05-01",
                "tag month 2030-05-01"],
            found.Select(one => $"{one.Kind} {one.Grain} {one.Period:O}").Order(StringComparer.Ordinal));
        Assert.Empty(await check.Check(user, cancellation));
        Assert.Equal(2, await diary.Total());
        Assert.Empty(await check.Check(Guid.NewGuid(), cancellation));
    }

    [OnEveryDatabase]
    public async Task Zone_is_kept_of_who_has_written_nothing_yet(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        async Task<string> Zone() =>
            (await diary.Get<IEntryStats>().Get(diary.Ada, new StatsQuery(), cancellation)).Value.TimeZone;

        Assert.Equal("UTC", await Zone());
        await diary.Tell(diary.Ada.User, "America/St_Johns");
        Assert.Equal("America/St_Johns", await Zone());
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => diary.Tell(diary.Ada.User, "Mars/Olympus"));
        await diary.Tell(diary.Ada.User, "Europe/Berlin", diary.Time.GetUtcNow().AddSeconds(-1));
        Assert.Equal("America/St_Johns", await Zone());
        await diary.Tell(diary.Ada.User, null);
        Assert.Equal("UTC", await Zone());
        Assert.Equal([0L], await diary.Query<long>("SELECT count(*) FROM jobs"));
    }

    [OnEveryDatabase]
    public async Task Zone_this_machine_lacks_keeps_its_own_journals_waiting_and_no_other(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var people = new[] { Diary.Person(), Diary.Person() }.OrderBy(person => person.User.Value).ToList();
        await Task.WhenAll(people.Select(person => diary.Write(by: person)));
        await diary.Change("DELETE FROM mood_counts");
        await diary.Change("UPDATE journals SET generation = 0, last_generation = 0");
        await diary.Change($"UPDATE journals SET time_zone = 'Mars/Olympus' WHERE user_id = '{people[0].User}'");

        var schedule = diary.Get<IEnumerable<ISchedule>>().Single(one => one.Name == CountsBuilding.JobKind);
        var failure = await Assert.ThrowsAsync<AggregateException>(() => schedule.Run(cancellation));
        Assert.StartsWith("1 journals counted, 1 could not be", failure.Message, StringComparison.Ordinal);

        // Once it is counted, as by another machine, nothing is counted here in another zone.
        await diary.Change("UPDATE journals SET generation = 1, last_generation = 1 WHERE generation = 0");
        var written = people.Select(person => diary.Write(by: person)).ToList();
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => written[0]);
        await written[1];
        Assert.Equal([1L, 2L], (await diary.Query<long>("SELECT entries FROM journals")).Order());
    }

    [OnEveryDatabase]
    public async Task Journal_is_another_when_it_is_counted_anew_and_not_before(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await diary.Write();
        }

        await diary.Tell(diary.Ada.User, "Asia/Kathmandu");
        async Task<Guid> State() => Assert.Single(await diary.Query<Guid>("SELECT state FROM journals"));
        var before = await State();
        var building = diary.Get<CountsBuilding>();
        Assert.True(await building.Step(diary.Ada.User, 2, cancellation));
        Assert.Equal(before, await State());
        Assert.False(await building.Step(diary.Ada.User, 2, cancellation));
        Assert.NotEqual(before, await State());
    }

    /// <summary>The control: what one program says of its time zones, another confirms.</summary>
    [Fact]
    public async Task Days_and_hours_are_those_of_another_program()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Postgres);
        foreach (var zone in History.Zones)
        {
            // An hour and some more apart, so that each turn of the clock is met at one time or another.
            var theirs = await diary.Query<string>(
                $"""
                SELECT to_char(t, 'YYYY-MM-DD HH24:MI ') || to_char(t AT TIME ZONE '{zone}', 'YYYY-MM-DD HH24:MI')
                FROM (SELECT generate_series(
                    TIMESTAMPTZ '1970-01-01Z', TIMESTAMPTZ '2037-12-01Z', INTERVAL '13 hours 7 minutes')) AS s (t)
                """);
            var at = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var wrong = theirs.Where(line =>
            {
                var utc = DateTime.SpecifyKind(DateTime.Parse(line[..16], null), DateTimeKind.Utc);
                return DateTime.Parse(line[17..], null) != TimeZoneInfo.ConvertTimeFromUtc(utc, at);
            });
            Assert.Empty(wrong.Select(line => $"{zone}: {line}"));
        }
    }

    private async Task<Kernel.Problem?> Step(Diary diary, Kernel.UserId owner)
    {
        await diary.Get<CountsBuilding>().Step(owner, 3, cancellation);
        return null;
    }
}

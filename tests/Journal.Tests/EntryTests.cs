using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

public sealed class EntryTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Entry_is_read_back_as_it_was_written(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var at = diary.Time.Now().AddDays(-3);

        var written = await diary.Write("  Grüße 👋\nzweite Zeile ", 9, " Freunde ", at, null, "See", "Boot ", "see");

        Assert.Equal(
            ("Grüße 👋\nzweite Zeile", 9, "Freunde", at),
            (written.Text, written.Mood, written.Category, written.At));
        Assert.Equal(["boot", "see"], written.Tags);
        var read = (await diary.Entries.Get(diary.Ada, written.Id, cancellation)).Value;
        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(
            ["entry.created"], await diary.Query<string>("SELECT type FROM outbox"));
        Assert.DoesNotContain(
            "zweite", (await diary.Query<string>("SELECT payload FROM outbox"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_keeps_nobody_from_an_edit()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        var at = diary.Time.Now().AddHours(23);
        var entry = await diary.Write("ahead", 5, "work", at);
        diary.Time.SetBack(TimeSpan.FromHours(2));

        var edited = await diary.Entries.Update(
            diary.Ada, entry.Id, new UpdateEntry { Text = "still ahead" }, version: null, cancellation);
        var moved = await diary.Entries.Update(
            diary.Ada, entry.Id, new UpdateEntry { At = at.AddMinutes(1) }, version: null, cancellation);

        Assert.Equal(("still ahead", at), (edited.Value.Text, edited.Value.At));
        Assert.Equal(["at"], moved.Problem?.Errors!.Keys);
    }

    [Fact]
    public async Task Every_fault_of_an_entry_is_named_at_once()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        var request = new CreateEntry(
            "a\0b", 11, new string('x', 51), diary.Time.Now().AddDays(1).AddSeconds(1), ["fine", null, "a\nb"]);

        var refused = await diary.Entries.Create(diary.Ada, request, null, cancellation);

        Assert.Equal(["at", "category", "mood", "tags[1]", "tags[2]", "text"], refused.Problem!.Errors.Keys.Order());
        Assert.Equal(
            ["category", "mood", "text"],
            (await diary.Entries.Create(diary.Ada, new CreateEntry(), null, cancellation))
                .Problem!.Errors.Keys.Order());
        Assert.Equal(0, await diary.Total());
    }

    [OnEveryDatabase]
    public async Task List_is_filtered_and_walked_from_the_newest(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var start = diary.Time.Now().AddDays(-10);
        for (var i = 0; i < 12; i++)
        {
            // Two at each moment: the id decides then.
            await diary.Write(
                $"{i}",
                1 + (i % 10),
                i % 3 == 0 ? "Work" : "Home",
                start.AddHours(i / 2),
                null,
                i % 4 == 0 ? "tea" : "milk");
        }

        await diary.Write("someone else's", by: Diary.Person(), tags: "tea");

        var walked = new List<string>();
        Cursor? after = null;
        do
        {
            var page = await diary.List(limit: 5, after: after);
            walked.AddRange(page.Items.Select(entry => entry.Text));
            after = Cursor.TryParse(page.NextCursor, out var next) ? next : null;
        }
        while (after is not null);
        Assert.Equal(12, walked.Distinct().Count());
        Assert.Equal(12, walked.Count);
        Assert.Equal(["10", "11"], walked.Take(2).Order());

        async Task<string> Texts(EntryFilter filter)
        {
            var items = (await diary.List(filter)).Items.Select(entry => int.Parse(entry.Text, null)).Order().ToList();
            Assert.Equal(items.Count, await diary.Total(filter));
            return string.Join(' ', items);
        }

        Assert.Equal("0 3 6 9", await Texts(new EntryFilter("Work")));
        Assert.Equal("0 4 8", await Texts(new EntryFilter(Tag: "tea")));
        Assert.Equal("0", await Texts(new EntryFilter("Work", Tag: "tea")));
        Assert.Equal("1 2 11", await Texts(new EntryFilter(MoodMin: 2, MoodMax: 3)));
        Assert.Equal("2 3 4 5", await Texts(new EntryFilter(From: start.AddHours(1), Until: start.AddHours(3))));
        Assert.Equal("", await Texts(new EntryFilter("work")));
    }

    [OnEveryDatabase]
    public async Task Change_takes_what_is_given_and_refuses_what_is_stale(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var entry = await diary.Write(tags: "tea");
        diary.Time.Advance(TimeSpan.FromMinutes(1));

        var changed = (await diary.Entries.Update(
            diary.Ada,
            entry.Id,
            new UpdateEntry { Mood = 2, Tags = new(["milk"]) },
            entry.Version,
            cancellation)).Value;

        Assert.Equal((2, 2, entry.Text), (changed.Version, changed.Mood, changed.Text));
        Assert.Equal(diary.Time.Now(), changed.UpdatedAt);
        Assert.Empty((await diary.List(new EntryFilter(Tag: "tea"))).Items);
        Assert.Single((await diary.List(new EntryFilter(Tag: "milk"))).Items);
        var stale = await diary.Entries.Update(
            diary.Ada, entry.Id, new UpdateEntry { Mood = 3 }, entry.Version, cancellation);
        Assert.Equal("precondition_failed", stale.Problem?.Code.Name);
        Assert.Equal(
            "precondition_failed",
            (await diary.Entries.Delete(diary.Ada, entry.Id, entry.Version, cancellation)).Problem?.Code.Name);
        var wrong = await diary.Entries.Update(
            diary.Ada, entry.Id, new UpdateEntry { Mood = new(null), Text = new("") }, null, cancellation);
        Assert.Equal(["mood", "text"], wrong.Problem!.Errors.Keys.Order());
        Assert.Equal(2, (await diary.Entries.Get(diary.Ada, entry.Id, cancellation)).Value.Mood);
    }

    [OnEveryDatabase]
    public async Task Deleted_entry_is_gone_at_once_and_comes_back_within_a_day(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var entry = await diary.Write(tags: "tea");
        diary.Time.Jump(TimeSpan.FromSeconds(1));
        Assert.Null((await diary.Entries.Delete(diary.Ada, entry.Id, null, cancellation)).Problem);

        Assert.Equal("not_found", (await diary.Entries.Get(diary.Ada, entry.Id, cancellation)).Problem?.Code.Name);
        Assert.Equal(
            "not_found", (await diary.Entries.Delete(diary.Ada, entry.Id, null, cancellation)).Problem?.Code.Name);
        Assert.Equal((0L, 0L), (await diary.Total(), await diary.Total(new EntryFilter(Tag: "tea"))));

        diary.Time.Jump(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        var back = (await diary.Entries.Restore(diary.Ada, entry.Id, cancellation)).Value;
        Assert.Equal((entry.Text, 3), (back.Text, back.Version));
        Assert.Equal(3, (await diary.Entries.Restore(diary.Ada, entry.Id, cancellation)).Value.Version);
        Assert.Equal((1L, 1L), (await diary.Total(), await diary.Total(new EntryFilter(Tag: "tea"))));

        diary.Time.Jump(TimeSpan.FromSeconds(1));
        await diary.Entries.Delete(diary.Ada, entry.Id, null, cancellation);
        diary.Time.Jump(TimeSpan.FromDays(1));
        Assert.Equal("not_found", (await diary.Entries.Restore(diary.Ada, entry.Id, cancellation)).Problem?.Code.Name);
        var prune = diary.Get<IEnumerable<ISchedule>>().Single(schedule => schedule.Name == "journal.prune-entries");
        Assert.Equal("1 entries deleted for good", await prune.Run(cancellation));
        Assert.Equal([0L], await diary.Query<long>("SELECT count(*) FROM entries"));
        Assert.Equal(
            ["entry.created", "entry.deleted", "entry.created", "entry.deleted"],
            await diary.Query<string>("SELECT type FROM outbox ORDER BY occurred_at, id"));
    }

    [OnEveryDatabase]
    public async Task Entry_of_someone_else_is_like_none(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var entry = await diary.Write(tags: "tea");
        var deleted = await diary.Write();
        await diary.Entries.Delete(diary.Ada, deleted.Id, null, cancellation);
        var stranger = Diary.Person();
        foreach (var id in new[] { entry.Id, deleted.Id, Guid.NewGuid() })
        {
            var refusals = new[]
            {
                (await diary.Entries.Get(stranger, id, cancellation)).Problem,
                (await diary.Entries.Update(stranger, id, new UpdateEntry { Mood = 1 }, null, cancellation)).Problem,
                (await diary.Entries.Update(stranger, id, new UpdateEntry { Mood = 99 }, 7, cancellation)).Problem,
                (await diary.Entries.Delete(stranger, id, null, cancellation)).Problem,
                (await diary.Entries.Delete(stranger, id, 7, cancellation)).Problem,
                (await diary.Entries.Restore(stranger, id, cancellation)).Problem,
            };
            Assert.All(refusals, refusal => Assert.Equal(Problem.NotFound("entry"), refusal));
        }

        var list = await diary.Entries.List(stranger, new EntryFilter(), new PageRequest(10, 1, null), cancellation);
        Assert.Equal((0, 0L), (list.Items.Count, list.Total));
        Assert.Equal(1, (await diary.Entries.Get(diary.Ada, entry.Id, cancellation)).Value.Version);
    }
}

using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Sql;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

public sealed class SearchTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_for_a_search_is_given_back_and_never_less_than_the_server_gives()
    {
        const string given = "SELECT setting = reset_val FROM pg_settings WHERE name = 'work_mem'";
        await using var diary = await Diary.Open(DatabaseProvider.Postgres);
        await diary.Write();
        Assert.Single((await diary.List(new EntryFilter(Search: "walk"))).Items);
        Assert.Equal([true], await diary.Query<bool>(given));

        await diary.Change(
            """
            DO $$ BEGIN
                EXECUTE format('ALTER DATABASE %I SET work_mem = %L', current_database(), '64MB');
            END $$
            """);
        await using var other = diary.Beside();
        await using var session = await FoundEntries.Open(other.Database, cancellation);
        Assert.Equal("64MB", await session.QueryFirst<string>("SHOW work_mem"));
    }

    [OnEveryDatabase]
    public async Task Entries_are_found_by_all_words_the_last_begun_whatever_the_language(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        string[] texts =
        [
            "A long WALK, then tea🎉party; don't ask — über café",
            "Прогулка в лесу",
            "مشي في الحديقة",
            "नदी के किनारे हिन्दी पढ़ी",
            "東京タワーへ行った。楽しかった",
            new string('z', 70) + " last",
            "100 % 'quoted' \"double\" a&b|c !d:* (e) <-> NEAR(f) col:g h^2 \\ i--",
        ];
        foreach (var text in texts)
        {
            await diary.Write(text);
        }

        var other = Diary.Person();
        await diary.Write("walk over there", by: other);
        foreach (var (typed, found) in new (string, int?)[]
        {
            ("walk", 0), ("WAL", 0), ("long wal", 0), ("wal long", null), ("walk sea", null), ("over", null),
            ("party", 0), ("don't ASK", 0), ("uber CAFE\u0301", 0), ("überc", null), ("прогулка ЛЕС", 1),
            ("الحديقة", 2), ("हिन्दी पढ", 3), ("東京", 4), ("楽しかった", 4),
            (new string('z', 70), 5), (new string('z', 65) + " last", 5), ("100 quoted double", 6),
            ("a&b|c", 6), ("NEAR(f)", 6), ("col:g", 6), ("\"double", 6), ("(e", 6), ("c !d:*", 6), ("i--", 6),
            ("h^2", 6),
            ("\\ a b", 6), ("-walk", 0), ("NOT walk AND", null), ("walk OR", null), ("* walk", 0), ("'); DROP", null),
        })
        {
            var filter = new EntryFilter(Search: typed);
            var texts2 = (await diary.List(filter)).Items.Select(entry => entry.Text).ToList();
            Assert.True(
                texts2.SequenceEqual(found is { } i ? [texts[i]] : []), $"{typed}: {string.Join(" / ", texts2)}");
            Assert.Equal(texts2.Count, await diary.Total(filter));
        }

        var theirs = await diary.Entries.List(
            other, new EntryFilter(Search: "walk"), new PageRequest(10, 1, null), cancellation);
        Assert.Equal(("walk over there", 1L), (Assert.Single(theirs.Items).Text, theirs.Total));
    }

    [OnEveryDatabase]
    public async Task Search_is_paged_newest_first_and_goes_with_every_other_filter(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var start = diary.Time.Now().AddDays(-1);
        for (var i = 0; i < 23; i++)
        {
            await diary.Write(
                $"{(i % 2 == 0 ? "Swam" : "Ran")} {i}", 1 + (i % 10), i % 3 == 0 ? "Work" : "Home",
                start.AddMinutes(i / 2), null, i % 4 == 0 ? "tea" : "milk");
        }

        var search = new EntryFilter(Search: "swa");
        var walked = new List<string>();
        for (Cursor? after = null; ;)
        {
            var page = await diary.List(search, limit: 5, after: after);
            walked.AddRange(page.Items.Select(entry => entry.Text));
            if (!Cursor.TryParse(page.NextCursor, out after))
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"Swam {22 - (2 * i)}"), walked);
        var second = await diary.Entries.List(diary.Ada, search, new PageRequest(5, 2, null), cancellation);
        Assert.Equal((walked[5], 12L), (second.Items[0].Text, second.Total));
        foreach (var (filter, found) in new[]
        {
            (search with { Category = "Work" }, "0 6 12 18"),
            (search with { Tag = "tea" }, "0 4 8 12 16 20"),
            (search with { Category = "Work", Tag = "tea", MoodMax = 2 }, "0"),
            (search with { MoodMin = 5, MoodMax = 7 }, "4 6 14 16"),
            (search with { From = start.AddMinutes(4), Until = start.AddMinutes(7) }, "8 10 12"),
            (new EntryFilter(Search: "swam ran"), ""),
        })
        {
            var texts = (await diary.List(filter)).Items.Reverse().Select(entry => entry.Text.Split(' ')[1]);
            Assert.Equal(found, string.Join(' ', texts));
        }
    }

    [OnEveryDatabase]
    public async Task Change_and_deletion_are_searched_at_once(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var entry = await diary.Write("old words");
        await diary.Write("old others");

        Task<long> Found(string words) => diary.Total(new EntryFilter(Search: words));
        await diary.Entries.Update(diary.Ada, entry.Id, new UpdateEntry { Mood = 2 }, null, cancellation);
        Assert.Equal((2, 1), (await Found("old"), await Found("words")));
        var update = new UpdateEntry { Text = new("new words") };
        await diary.Entries.Update(diary.Ada, entry.Id, update, null, cancellation);
        Assert.Equal((1, 1), (await Found("old"), await Found("new words")));
        await diary.Entries.Delete(diary.Ada, entry.Id, null, cancellation);
        Assert.Equal((1, 0), (await Found("old"), await Found("words")));
        await diary.Entries.Restore(diary.Ada, entry.Id, cancellation);
        Assert.Equal(1, await Found("new"));

        await diary.Entries.Delete(diary.Ada, entry.Id, null, cancellation);
        diary.Time.Jump(TimeSpan.FromDays(1));
        var prune = diary.Get<IEnumerable<ISchedule>>().Single(schedule => schedule.Name == "journal.prune-entries");
        await prune.Run(cancellation);
        Assert.Equal((1, 0), (await Found("old"), await Found("new")));
        await diary.Write("new again");
        Assert.Equal(1, await Found("new"));
    }

    [OnEveryDatabase]
    public async Task Entries_from_before_there_was_a_search_are_found(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var migrator = diary.Get<Migrator>();
        var entry = await diary.Write("Über den Fluss");
        var deleted = await diary.Write("Unter dem Fluss");
        await diary.Entries.Delete(diary.Ada, deleted.Id, null, cancellation);

        await diary.Write("Auf dem Fluss", by: Diary.Person());

        var applied = await migrator.Status("journal", cancellation);
        await migrator.Down(
            "journal", applied.SkipWhile(step => step.Name != "entry_search").Count(), cancellation);
        await migrator.Up("journal", cancellation);

        var found = await diary.List(new EntryFilter(Search: "uber fluss"));
        Assert.Equal(entry.Id, Assert.Single(found.Items).Id);
        Assert.Equal(1, await diary.Total(new EntryFilter(Search: "fluss")));
    }
}

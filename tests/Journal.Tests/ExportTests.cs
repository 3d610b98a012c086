using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Http;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

public sealed class ExportTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Export_has_every_entry_once_although_entries_change_meanwhile(DatabaseProvider provider)
    {
        const int entries = 1_203;
        await using var diary = await Diary.Open(provider);
        await Fill(diary, entries);
        await diary.Write("someone else's", by: Diary.Person());
        var first = (await diary.List(limit: 1)).Items[0];

        foreach (var filter in new[] { new EntryFilter(), new EntryFilter(Search: "walk") })
        {
            var ids = new List<Guid>();
            await foreach (var entry in Export(diary, filter))
            {
                ids.Add(entry.Id);
                if (ids.Count is 100 or 900)
                {
                    // Were it read by time, this would be seen twice or never.
                    var at = diary.Time.Now().AddDays(ids.Count == 100 ? -400 : 0);
                    await diary.Entries.Update(
                        diary.Ada, first.Id, new UpdateEntry { At = new(at) }, null, cancellation);
                }
            }

            Assert.Equal((entries, entries), (ids.Count, ids.Distinct().Count()));
            Assert.Equal(ids.Order(), ids);
        }
    }

    [OnEveryDatabase]
    public async Task Export_goes_with_every_filter_and_has_nothing_deleted(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        await Fill(diary, 40);
        var deleted = await diary.Write("A walk 100");
        await diary.Entries.Delete(diary.Ada, deleted.Id, null, cancellation);
        foreach (var filter in new[]
        {
            new EntryFilter("Work"), new EntryFilter(Tag: "tea"), new EntryFilter(MoodMin: 4, MoodMax: 6),
            new EntryFilter(From: diary.Time.Now().AddHours(-20), Until: diary.Time.Now().AddHours(-10)),
            new EntryFilter(Search: "walk 1"), new EntryFilter("Work", 2, 9, Tag: "tea", Search: "a"),
            new EntryFilter(Search: "nowhere"),
        })
        {
            var listed = (await diary.List(filter)).Items.Select(entry => entry.Id).Order();
            var exported = await Export(diary, filter).Select(entry => entry.Id).ToListAsync(cancellation);
            Assert.Equal(listed, exported);
        }
    }

    [OnEveryDatabase]
    public async Task Files_are_read_back_as_they_were_written_and_run_no_formula(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        string[] texts =
        [
            "two\nlines, \"quoted\"; 'so'", "\r\n\ttab\u2028",
            "=HYPERLINK(\"http://example.org\")", "+1", "-1", "@SUM(A1)",
            "Grüße 👋🏽 שלום 東京", "'=1",
        ];
        foreach (var text in texts)
        {
            await diary.Write(text, category: "=cmd|' /C calc'!A0", tags: ["-1", "b"]);
        }

        using var csv = new MemoryStream();
        await EntriesCsv.Write(csv, Export(diary, new EntryFilter()), cancellation);
        using var json = new MemoryStream();
        await JsonSerializer.SerializeAsync(
            json, Export(diary, new EntryFilter()), JournalJson.Default.EntryStream, cancellation);

        var rows = Rows(Encoding.UTF8.GetString(csv.ToArray()));
        Assert.Equal("\uFEFFat,mood,category,tags,text,created_at,updated_at,id", string.Join(',', rows[0]));
        var written = (await diary.List()).Items.OrderBy(entry => entry.Id).ToList();
        Assert.Equal(texts.Length, written.Count);
        foreach (var (row, entry) in rows.Skip(1).Zip(written))
        {
            var safe = "=+-@\t\r".Contains(entry.Text[0], StringComparison.Ordinal) ? $"'{entry.Text}" : entry.Text;
            Assert.Equal(("'=cmd|' /C calc'!A0", "'-1; b", safe), (row[2], row[3], row[4]));
            Assert.Equal((entry.At, $"{entry.Id}"), (DateTimeOffset.Parse(row[0], null), row[7]));
            Assert.All(row, field => Assert.DoesNotMatch("^[=+@\t\r-]", field));
        }

        json.Position = 0;
        var read = await JsonSerializer.DeserializeAsync(json, JournalJson.Default.EntryArray, cancellation);
        Assert.Equivalent(written, read, strict: true);
    }

    [OnEveryDatabase]
    public async Task Reading_ends_with_the_reader(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        await Fill(diary, 600);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var entry in diary.Get<IEntryExport>().All(diary.Ada, new EntryFilter(), gone.Token))
            {
                seen++;
                await gone.CancelAsync();
            }
        });
        Assert.Equal(500, seen);
    }

    private IAsyncEnumerable<EntryView> Export(Diary diary, EntryFilter filter) =>
        diary.Get<IEntryExport>().All(diary.Ada, filter, cancellation);

    private async Task Fill(Diary diary, int entries)
    {
        var now = diary.Time.Now();
        foreach (var part in Enumerable.Range(0, entries).Chunk(1_000))
        {
            await diary.Entries.CreateMany(
                diary.Ada,
                new CreateEntries([.. part.Select(i => new CreateEntry(
                    $"A walk {i}", 1 + (i % 10), i % 3 == 0 ? "Work" : "Home", now.AddHours(-i % 50),
                    [i % 4 == 0 ? "tea" : "milk"]))]),
                null,
                cancellation);
        }
    }

    // RFC 4180, by the letter.
    private static List<List<string>> Rows(string text)
    {
        var (rows, row, field, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    field.Append(text[i++]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    row.Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when !quoted && text[i + 1] == '\n':
                    row.Add(field.ToString());
                    rows.Add(row);
                    (row, i) = ([], i + 1);
                    field.Clear();
                    break;
                default:
                    field.Append(text[i]);
                    break;
            }
        }

        Assert.Empty(row);
        return rows;
    }
}

using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

/// <summary>Each key once, many in one go, and a count that is always right.</summary>
public sealed class WritingTests
{
    private static readonly CreateEntry Walk = new("A walk.", 7, "Outdoors");
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Of_many_who_use_one_key_at_once_one_writes_and_all_hear_of_it(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            diary.Entries.Create(diary.Ada, Walk, "once", cancellation)));

        Assert.Single(all.Select(one => one.Value.Entry.Id).Distinct());
        Assert.Single(all, one => !one.Value.Replayed);
        Assert.Equal(1, await diary.Total());
        var other = await diary.Entries.Create(diary.Ada, Walk with { Mood = 6 }, "once", cancellation);
        Assert.Equal("idempotency_mismatch", other.Problem?.Code.Name);
        var stranger = await diary.Entries.Create(Diary.Person(), Walk with { Mood = 6 }, "once", cancellation);
        Assert.False(stranger.Value.Replayed);
    }

    [OnEveryDatabase]
    public async Task Of_many_in_one_go_each_is_answered_in_its_place(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var request = new CreateEntries([Walk, Walk with { Mood = 0 }, null, Walk with { Tags = ["tea", "milk"] }]);

        var done = (await diary.Entries.CreateMany(diary.Ada, request, "many", cancellation)).Value;
        var again = (await diary.Entries.CreateMany(diary.Ada, request, "many", cancellation)).Value;

        Assert.Equal([201, 422, 422, 201], done.Results.Items.Select(item => item.Status));
        Assert.Equal(["mood"], done.Results.Items[1].Errors!.Keys);
        Assert.Equal(["category", "mood", "text"], done.Results.Items[2].Errors!.Keys.Order());
        Assert.Equal((2, 2L), (done.Results.Created, await diary.Total()));
        Assert.True(again.Replayed);
        Assert.Equal(done.Results.Items.Select(item => item.Id), again.Results.Items.Select(item => item.Id));
        Assert.Equal(2, (await diary.Query<string>("SELECT type FROM outbox")).Count);
        foreach (var count in new[] { 0, 1_001 })
        {
            var refused = await diary.Entries.CreateMany(
                diary.Ada, new CreateEntries([.. Enumerable.Repeat(Walk, count)]), null, cancellation);
            Assert.Equal(["entries"], refused.Problem!.Errors.Keys);
        }

        var most = await diary.Entries.CreateMany(
            diary.Ada, new CreateEntries([.. Enumerable.Repeat(Walk, 1_000)]), null, cancellation);
        Assert.Equal((1_000, 1_002L), (most.Value.Results.Created, await diary.Total()));
    }

    [OnEveryDatabase]
    public async Task The_count_is_right_after_changes_from_many_sides_at_once(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var first = await diary.Write(tags: "tea");
        var random = new Random(7);
        var work = Enumerable.Range(0, 60).Select(_ => random.Next(4)).Select(async step =>
        {
            _ = step switch
            {
                0 => (await diary.Entries.Create(diary.Ada, Walk, null, cancellation)).Problem,
                1 => (await diary.Entries.Delete(diary.Ada, first.Id, null, cancellation)).Problem,
                2 => (await diary.Entries.Restore(diary.Ada, first.Id, cancellation)).Problem,
                _ => (await diary.Entries.Update(
                    diary.Ada, first.Id, new UpdateEntry { Mood = 3 }, null, cancellation)).Problem,
            };
        });
        await Task.WhenAll(work);

        var live = (await diary.Query<long>("SELECT count(*) FROM entries WHERE deleted_at IS NULL"))[0];
        Assert.Equal(live, await diary.Total());
        Assert.Equal(
            await diary.Query<long>("SELECT count(*) FROM entries WHERE deleted_at IS NULL AND tags <> '[]'"),
            await diary.Query<long>("SELECT count(*) FROM entry_tags"));
        Assert.Equal(
            await diary.Query<long>("SELECT sum(version) FROM entries"),
            await diary.Query<long>("SELECT count(*) FROM outbox"));
    }
}

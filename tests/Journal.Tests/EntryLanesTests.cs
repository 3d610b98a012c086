using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Services;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

public sealed class EntryLanesTests
{
    private static readonly CreateEntry Walk = new("A walk.", 7, "Outdoors", Tags: ["tea"]);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Of_many_people_who_write_at_once_on_two_instances_each_has_their_own(DatabaseProvider provider)
    {
        await using var one = await Diary.Open(provider);
        await using var other = one.Beside();
        var people = Enumerable.Range(0, 40).Select(_ => Diary.Person()).ToList();
        var work = Enumerable.Range(0, 400).Select(async i =>
        {
            var (diary, person) = (i % 2 == 0 ? one : other, people[i % 40]);
            var done = await diary.Entries.Create(person, Walk, $"key {i / 80}", cancellation);
            Assert.Null(done.Problem);
        });
        await Task.WhenAll(work);

        // Ten tries of each with five keys.
        Assert.Equal(Enumerable.Repeat(5L, 40), await one.Query<long>("SELECT entries FROM journals"));
        Assert.Equal(
            Enumerable.Repeat(5L, 40), await one.Query<long>("SELECT count(*) FROM entries GROUP BY user_id"));
        Assert.Equal([200L], await one.Query<long>("SELECT count(*) FROM outbox"));
        await Poll.Until(
            () => one.Get<EntryLanes>().Count + other.Get<EntryLanes>().Count == 0, Soon, "the lanes to end");
    }

    [Fact]
    public async Task One_whose_entry_cannot_be_written_fails_alone()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        await diary.Query<int>(
            """
            CREATE TRIGGER poison BEFORE INSERT ON entries WHEN NEW.text = 'poison'
            BEGIN
                SELECT RAISE(ABORT, 'poison');
            END
            """);

        var work = Enumerable.Range(0, 60).Select(i => diary.Entries.Create(
            Diary.Person(), i == 33 ? Walk with { Text = "poison" } : Walk, null, cancellation)).ToList();

        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(work));
        Assert.Equal(1, work.Count(one => one.IsFaulted));
        Assert.Equal([59L], await diary.Query<long>("SELECT sum(entries) FROM journals"));
    }
}

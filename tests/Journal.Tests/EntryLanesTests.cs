using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
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
    public async Task Whose_journal_another_transaction_has_delays_nobody_else()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Postgres);
        var people = await Writers(diary, 40);
        Task<Result<CreatedEntry>> held;
        await using (var unit = await diary.Database.Begin(cancellation))
        {
            await unit.Execute(
                "SELECT 1 FROM journals WHERE user_id = @id FOR UPDATE", new { id = people[0].User.Value });
            held = diary.Entries.Create(people[0], Walk, "held", cancellation);
            var others = await Task.WhenAll(
                people.Skip(1).Select(person => diary.Entries.Create(person, Walk, null, cancellation)));

            Assert.All(others, created => Assert.Null(created.Problem));
            Assert.False(held.IsCompleted);
        }

        Assert.Null((await held).Problem);
        Assert.Equal(Enumerable.Repeat(2L, 40), await diary.Query<long>("SELECT entries FROM journals"));
    }

    [OnEveryDatabase]
    public async Task One_whose_entry_cannot_be_written_fails_alone(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var people = await Writers(diary, 60);
        await diary.Change(provider == DatabaseProvider.Postgres ? Poison.Postgres : Poison.Sqlite);

        var work = people.Select((person, i) => diary.Entries.Create(
            person, i == 33 ? Walk with { Text = "poison" } : Walk, null, cancellation)).ToList();

        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(work));
        Assert.Equal(1, work.Count(one => one.IsFaulted));
        Assert.Equal([60 + 59L], await diary.Query<long>("SELECT CAST(sum(entries) AS bigint) FROM journals"));
    }

    /// <summary>People who have written before: they share lanes.</summary>
    private static async Task<List<Caller>> Writers(Diary diary, int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => Diary.Person()).ToList();
        await Task.WhenAll(people.Select(person => diary.Write(by: person)));
        return people;
    }

    private static class Poison
    {
        public const string Sqlite =
            """
            CREATE TRIGGER poison BEFORE INSERT ON entries WHEN NEW.text = 'poison'
            BEGIN
                SELECT RAISE(ABORT, 'poison');
            END
            """;

        public const string Postgres =
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE 'poison';
            END $$;
            CREATE TRIGGER poison BEFORE INSERT ON entries
            FOR EACH ROW WHEN (NEW.text = 'poison') EXECUTE FUNCTION poison();
            """;
    }
}

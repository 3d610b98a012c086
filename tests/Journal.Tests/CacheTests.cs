using System.Text;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Redis;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests;

/// <summary>What is kept of a journal, on one instance and on two.</summary>
public sealed class CacheTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private int loads;

    [OnEveryDatabase]
    public async Task A_thousand_readers_of_a_cold_answer_load_it_once(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        await diary.Write("A walk.");
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var readers = Enumerable.Range(0, 1_000)
            .Select(_ => Task.Run(() => Page(diary, diary.Ada, door.Task))).ToList();
        await Poll.Until(() => Volatile.Read(ref loads) > 0, Soon, "a load");
        door.SetResult();

        Assert.All(await Task.WhenAll(readers), page => Assert.Equal("A walk.", page));
        Assert.Equal(1, loads);
    }

    [OnEveryDatabase]
    public async Task Each_change_is_in_the_next_answer_of_every_instance(DatabaseProvider provider)
    {
        await using var one = await Diary.Open(provider);
        await using var other = one.Beside();
        Assert.Equal("", await Page(other, one.Ada));

        var walk = await one.Write("A walk.");
        Assert.Equal("A walk.", await Page(other, one.Ada));
        await one.Entries.Update(one.Ada, walk.Id, new UpdateEntry { Text = new("A long walk.") }, null, cancellation);
        Assert.Equal("A long walk.", await Page(other, one.Ada));
        await one.Entries.Delete(one.Ada, walk.Id, null, cancellation);
        Assert.Equal("", await Page(other, one.Ada));
        await one.Entries.Restore(one.Ada, walk.Id, cancellation);
        Assert.Equal("A long walk.", await Page(other, one.Ada));

        loads = 0;
        Assert.Equal("A long walk.", await Page(other, one.Ada));
        Assert.Equal(0, loads);
    }

    [Fact]
    public async Task Tag_of_one_journal_says_nothing_of_another()
    {
        await using var diary = await Diary.Open(TestDatabase.CreateInMemory());
        var tags = await Task.WhenAll(new[] { Diary.Person(), Diary.Person() }.Select(async person =>
            (await diary.Get<JournalCache>().Get(
                person.User, "list", known: "", _ => Task.FromResult<byte[]>([]), cancellation)).Value.Tag));
        Assert.Distinct(tags);
    }

    [OnEveryDatabase]
    public async Task A_load_that_began_before_a_deletion_answers_nobody_who_came_after_it(DatabaseProvider provider)
    {
        await using var diary = await Diary.Open(provider);
        var walk = await diary.Write("A walk.");
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var early = Page(diary, diary.Ada, door.Task);
        await Poll.Until(() => Volatile.Read(ref loads) > 0, Soon, "a load");

        await diary.Entries.Delete(diary.Ada, walk.Id, null, cancellation);
        Assert.Equal("", await Page(diary, diary.Ada));

        door.SetResult();
        Assert.Equal("A walk.", await early);
        Assert.Equal("", await Page(diary, diary.Ada));
    }

    [Fact]
    public async Task Who_has_the_answer_is_told_so_until_it_is_another()
    {
        await using var diary = await Diary.Open(DatabaseProvider.Sqlite);
        var cache = diary.Get<JournalCache>();
        Task<Result<JournalAnswer>> Ask(string what, string known, Caller? by = null) => cache.Get(
            (by ?? diary.Ada).User, what, known, _ => Task.FromResult(Encoding.UTF8.GetBytes("page")), cancellation);
        var first = (await Ask("list", "")).Value;
        Assert.NotNull(first.Body);

        Assert.Null((await Ask("list", $"\"other\", {first.Tag}")).Value.Body);
        Assert.NotNull((await Ask("another list", first.Tag)).Value.Body);
        await diary.Write();
        var next = (await Ask("list", first.Tag)).Value;
        Assert.NotNull(next.Body);
        Assert.NotEqual(first.Tag, next.Tag);
        Assert.NotNull((await Ask("list", next.Tag, Diary.Person())).Value.Body);
    }

    [Fact]
    public async Task Killing_redis_and_starting_it_empty_under_load_makes_no_error_and_no_stale_answer()
    {
        using var redis = RedisServer.Start();
        var options = new RedisOptions { Connection = redis.Connection, TimeoutMs = 500 };
        await using var one = await Diary.Open(DatabaseProvider.Postgres, options);
        await using var other = one.Beside(options);
        // Whoever has something to tell begins to connect.
        await one.Get<ICache>().Invalidate("nothing");
        await other.Get<ICache>().Invalidate("nothing");
        using var over = new CancellationTokenSource();
        var rounds = 0;
        var people = Enumerable.Range(0, 4).Select(_ => Diary.Person()).ToList();
        var work = people.Select(person => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                var entry = await one.Write("A walk.", by: person);
                Assert.Equal("A walk.", await Page(other, person));
                Assert.Equal("A walk.", await Page(one, person));
                await other.Entries.Delete(person, entry.Id, null, CancellationToken.None);
                Assert.Equal("", await Page(one, person));
                Assert.Equal("", await Page(other, person));
                Interlocked.Increment(ref rounds);
            }
        })).ToList();
        Task Goes(string how) => Poll.Until(Next(), Soon, $"readers to go on {how}");
        Func<bool> Next()
        {
            var wanted = Volatile.Read(ref rounds) + 20;
            return () => Volatile.Read(ref rounds) >= wanted || work.Any(one => one.IsFaulted);
        }

        await Poll.Until(() => redis.Type("DBSIZE") != ":0", Soon, "something kept in Redis");
        await Goes("with Redis");
        redis.Kill();
        await Goes("without Redis");
        redis.Restart();
        await Poll.Until(() => redis.Type("DBSIZE") != ":0", Soon, "something kept in the new Redis");
        await Goes("with the new Redis");
        redis.Pause();
        await Goes("with a Redis that hangs");
        redis.Resume();

        await over.CancelAsync();
        await Task.WhenAll(work);
    }

    private async Task<string> Page(Diary diary, Caller of, Task? door = null)
    {
        var kept = await diary.Get<JournalCache>().Get(
            of.User,
            "list",
            known: "",
            async ending =>
            {
                var page = await diary.Entries.List(of, new EntryFilter(), new PageRequest(10, 1, null), ending);
                Interlocked.Increment(ref loads);
                await (door ?? Task.CompletedTask);
                return Encoding.UTF8.GetBytes(string.Join('\n', page.Items.Select(entry => entry.Text)));
            },
            CancellationToken.None);
        return Encoding.UTF8.GetString(kept.Value.Body!);
    }
}

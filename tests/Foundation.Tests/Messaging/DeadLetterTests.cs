using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class DeadLetterTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly DeadLetterFilter All = new(null, null);

    [OnEveryDatabase]
    public async Task Consumer_that_fails_again_and_again_ends_in_the_dead_letters_and_replay_brings_it_back(
        DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var (failing, tries, triedAt) = (true, 0, default(DateTimeOffset));
        var scribe = new Scribe
        {
            First = (_, _) =>
            {
                triedAt = ledger.Time.Now();
                tries++;
                return failing ? throw new InvalidOperationException("not today") : Task.CompletedTask;
            },
        };
        var letters = ledger.Letters(scribe);
        var received = ledger.Event();
        await ledger.Inbox().Receive(scribe, [received], Never);

        await using var retries = ledger.Retries(scribe);
        Assert.Equal(1, tries);
        foreach (var seconds in new[] { 1, 5, 30, 300, 3_600 })
        {
            var attempts = tries;
            var nextAt = Assert.Single(await ledger.Query<DateTimeOffset>(
                "SELECT next_at FROM inbox WHERE attempts = @attempts", new { attempts }));
            // A fifth of it is chance; the clock may have gone on by two steps since the attempt.
            Assert.InRange((nextAt - triedAt).TotalSeconds, seconds, (seconds * 1.2) + 0.5);
            await ledger.Passes(TimeSpan.FromSeconds(seconds * 1.2), () => Task.FromResult(tries > attempts));
            await Poll.Until(
                async () => await ledger.Count($"inbox WHERE attempts = {attempts + 1}") == 1,
                TimeSpan.FromSeconds(10),
                "the failure to be noted");
        }

        var letter = Assert.Single((await letters.List(All, First, Never)).Items);
        Assert.Equal((received.Id, scribe.Name, 6), (letter.EventId, letter.Consumer, letter.Attempts));
        Assert.Contains("not today", letter.Error, StringComparison.Ordinal);
        Assert.Null(letter.Payload);
        Assert.Equal(received.Payload, (await letters.Get(letter.Id, Never)).Value.Payload);

        failing = false;
        Assert.False((await letters.Replay(letter.Id, Never)).Failed(out _));
        await ledger.Passes(TimeSpan.FromSeconds(1), async () => await ledger.Count("effects") == 1);
        Assert.Equal("not_found", (await letters.Replay(letter.Id, Never)).Problem?.Code.Name);
        await ledger.Inbox().Receive(scribe, [received], Never);
        Assert.Equal(1, await ledger.Count("effects"));
        Assert.Equal(1, await ledger.Count("inbox WHERE state = 'done' AND payload IS NULL AND error IS NULL"));
    }

    [OnEveryDatabase]
    public async Task Two_instances_that_try_again_have_one_effect_an_event(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var scribe = new Scribe();
        await Bury(ledger, scribe, 40);
        await using var one = ledger.Retries(scribe);
        await using var other = ledger.Retries(scribe);

        Assert.Equal(40, await ledger.Letters(scribe).Replay(All, Never));
        await ledger.Passes(TimeSpan.FromSeconds(1), async () => await ledger.Count("effects") >= 40);

        Assert.Equal(40, await ledger.Count("inbox WHERE state = 'done'"));
        Assert.Equal(40, await ledger.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task List_goes_on_from_a_cursor_and_filters(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var (scribe, other) = (new Scribe(), new Scribe("ledger.other"));
        var letters = ledger.Letters(scribe, other);
        await Bury(ledger, scribe, 5);
        await Bury(ledger, other, 3, "event.created");

        var seen = new List<Guid>();
        Cursor? after = null;
        for (var pages = 1; pages <= 3; pages++)
        {
            var page = await letters.List(All, new PageRequest(3, null, after), Never);
            seen.AddRange(page.Items.Select(letter => letter.Id));
            Assert.Equal(pages < 3, Cursor.TryParse(page.NextCursor, out after));
        }

        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(8, seen.Distinct().Count());
        Assert.Equal(3, (await letters.List(new DeadLetterFilter(other.Name, null), First, Never)).Items.Count);
        var confirmed = new DeadLetterFilter(null, "booking.confirmed");
        Assert.Equal(5, (await letters.List(confirmed, First, Never)).Items.Count);
        var second = await letters.List(All, new PageRequest(5, 2, null), Never);
        Assert.Equal((seen[5], 3, 8), (second.Items[0].Id, second.Items.Count, second.Total));
    }

    [OnEveryDatabase]
    public async Task Discarded_letter_is_gone_and_its_event_stays_handled(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var scribe = new Scribe();
        var letters = ledger.Letters(scribe);
        var buried = Assert.Single(await Bury(ledger, scribe, 1));
        var letter = Assert.Single((await letters.List(All, First, Never)).Items);

        Assert.False((await letters.Discard(letter.Id, Never)).Failed(out _));
        Assert.Equal("not_found", (await letters.Discard(letter.Id, Never)).Problem?.Code.Name);
        Assert.Equal("not_found", (await letters.Get(letter.Id, Never)).Problem?.Code.Name);
        await ledger.Inbox().Receive(scribe, [buried], Never);

        Assert.Equal(0, await ledger.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task Letters_of_a_consumer_that_is_no_more_are_not_replayed(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        await Bury(ledger, new Scribe("ledger.gone"), 1);
        var letters = ledger.Letters(new Scribe());
        var letter = Assert.Single((await letters.List(All, First, Never)).Items);

        Assert.Equal("conflict", (await letters.Replay(letter.Id, Never)).Problem?.Code.Name);
        Assert.Equal(0, await letters.Replay(All, Never));
        Assert.Equal(1, await ledger.Count("inbox WHERE state = 'dead'"));
    }

    private static PageRequest First => new(20, null, null);

    private static async Task<IReadOnlyList<ReceivedEvent>> Bury(
        Ledger ledger, IEventConsumer consumer, int count, string type = "booking.confirmed")
    {
        var buried = Enumerable.Range(0, count).Select(_ => ledger.Event(type)).ToList();
        foreach (var one in buried)
        {
            ledger.Time.Advance(TimeSpan.FromMilliseconds(1));
            await ledger.Inbox().Bury(consumer, one, "unreadable", Never);
        }

        return buried;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Journal.Tests.Statistics;

/// <summary>
/// Hundreds of histories of one journal each: more with <c>./test --repeats 200 Journal</c>. A history that goes wrong
/// tells its seed, and is played again with <c>GATEHOUSE_TEST_SEED=…</c>.
/// </summary>
public sealed class HistoryTests
{
    private const int PerRepeat = 20;
    private const int PerDatabase = 50;

    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("GATEHOUSE_TEST_SEED"), CultureInfo.InvariantCulture, out var s)
            ? s
            : null;

    [Fact]
    public Task Statistics_are_what_the_entries_add_up_to() => Play(TestDatabase.CreateInMemory, PerRepeat);

    [OnEveryDatabase]
    public Task Statistics_are_that_on_the_real_engines(DatabaseProvider provider) =>
        Play(() => TestDatabase.Create(provider), provider == DatabaseProvider.Postgres ? 3 : 1);

    /// <summary>The control: each of these faults is planted, and has to be found.</summary>
    [Theory]
    [InlineData(
        "a month is lost", "AFTER INSERT ON mood_counts WHEN NEW.kind = 'tag' AND NEW.grain = 'month'",
        "DELETE FROM mood_counts WHERE kind = 'tag' AND grain = 'month' AND period = NEW.period AND key = NEW.key")]
    [InlineData(
        "what was edited stays", "AFTER UPDATE ON mood_counts WHEN NEW.m5 < OLD.m5",
        "UPDATE mood_counts SET m5 = OLD.m5 WHERE rowid = NEW.rowid")]
    [InlineData(
        "a build stops early", "AFTER UPDATE ON journals WHEN NEW.built_until > OLD.built_until",
        "UPDATE journals SET built_until = 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE user_id = NEW.user_id")]
    [InlineData(
        "days are shown in the zone before", "AFTER UPDATE ON journals WHEN NEW.time_zone <> OLD.time_zone",
        "UPDATE journals SET time_zone = OLD.time_zone WHERE user_id = NEW.user_id")]
    public async Task A_planted_fault_is_found(string fault, string when, string done)
    {
        await using var diary = await Diary.Open(TestDatabase.CreateInMemory());
        await diary.Change($"CREATE TRIGGER fault {when} BEGIN {done}; END");

        var found = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            for (var seed = 1; seed <= PerDatabase; seed++)
            {
                await History.Play(seed, diary);
            }
        });

        Assert.True(found.Message.Contains("GATEHOUSE_TEST_SEED=", StringComparison.Ordinal), $"{fault}: {found}");
    }

    private static async Task Play(Func<TestDatabase> database, int perRepeat)
    {
        // Others each time, so that many runs see more than one does.
        var first = RandomNumberGenerator.GetInt32(1_000_000_000);
        var seeds = OnlySeed is { } only ? [only] : Enumerable.Range(first, perRepeat * Repeats.Of(10));
        await Parallel.ForEachAsync(seeds.Chunk(PerDatabase), async (some, _) =>
        {
            await using var diary = await Diary.Open(database());
            foreach (var seed in some)
            {
                await History.Play(seed, diary);
            }
        });
    }
}

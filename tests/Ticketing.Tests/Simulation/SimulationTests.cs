using System.Globalization;
using System.Security.Cryptography;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>
/// Thousands of histories of one event each, on SQLite in memory with a clock that is moved by hand: 500 usually,
/// 10,000 with <c>./test --repeats 200 Ticketing</c>. A history that goes wrong tells its seed, and is played again
/// with <c>GATEHOUSE_TEST_SEED=…</c>.
/// </summary>
public sealed class SimulationTests
{
    private const int PerRepeat = 50;
    private const int PerDatabase = 125;

    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("GATEHOUSE_TEST_SEED"), CultureInfo.InvariantCulture, out var s)
            ? s
            : null;

    [Fact]
    public async Task Books_and_model_agree_after_every_step_of_every_history()
    {
        if (OnlySeed is { } seed)
        {
            await Play([seed]);
            return;
        }

        // Others each time, so that many runs see more than one does.
        var first = RandomNumberGenerator.GetInt32(1_000_000_000);
        var histories = Enumerable.Range(first, PerRepeat * Repeats.Of(10)).Chunk(PerDatabase);
        await Parallel.ForEachAsync(histories, async (seeds, _) => await Play(seeds));
    }

    /// <summary>The control: each of these faults is planted, and has to be found.</summary>
    [Theory]
    [InlineData("a ticket is lost", "AFTER INSERT ON tickets", "DELETE FROM tickets WHERE id = NEW.id")]
    [InlineData("a fact is not told", "AFTER INSERT ON outbox", "DELETE FROM outbox WHERE id = NEW.id")]
    [InlineData("a place leaks", "AFTER UPDATE ON pools WHEN NEW.sold < OLD.sold", "UPDATE pools SET sold = OLD.sold")]
    [InlineData("money is kept", "AFTER INSERT ON refunds", "DELETE FROM refunds WHERE id = NEW.id")]
    [InlineData("nobody notes who is in", "AFTER INSERT ON check_ins", "DELETE FROM check_ins WHERE id = NEW.id")]
    [InlineData(
        "late money is not believed", "AFTER UPDATE ON bookings WHEN OLD.status = 'expired'",
        "UPDATE bookings SET status = 'expired' WHERE id = NEW.id")]
    [InlineData(
        "a lapsed hold stays", "AFTER UPDATE ON bookings WHEN NEW.status = 'expired'",
        "UPDATE bookings SET status = 'cancelled' WHERE id = NEW.id")]
    public async Task A_planted_fault_is_found(string fault, string when, string done)
    {
        var found = await Assert.ThrowsAsync<InvalidOperationException>(() => Play(
            Enumerable.Range(1, PerDatabase), $"CREATE TRIGGER fault {when} BEGIN {done}; END"));

        Assert.True(found.Message.Contains("GATEHOUSE_TEST_SEED=", StringComparison.Ordinal), $"{fault}: {found}");
    }

    private static async Task Play(IEnumerable<int> seeds, string? fault = null)
    {
        var crashes = new Crashes();
        await using var office = await BoxOffice.Open(
            TestDatabase.CreateInMemory(), new TicketingOptions { TestPayments = true }, crashes.Surround);
        if (fault is not null)
        {
            await using var unit = await office.Database.Begin(default);
            await unit.Execute(fault);
            await unit.Commit();
        }

        foreach (var seed in seeds)
        {
            await History.Play(seed, office, crashes);
        }
    }
}

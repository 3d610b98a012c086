using System.Net;
using Gatehouse.Foundation.Limits;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Limits;

public sealed class AddressStrikesTests
{
    private static readonly BlockRule Rule = new(3, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    private readonly ManualTime time = new();

    [Fact]
    public void A_window_begins_with_the_first_and_forgives_all_at_its_end()
    {
        var strikes = new AddressStrikes(time);

        Assert.Equal([false, false, false], [Add(strikes, 1), Add(strikes, 1), Add(strikes, 1)]);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([false, false, false, true], [
            Add(strikes, 1), Add(strikes, 1), Add(strikes, 1), Add(strikes, 1)]);
        Assert.Equal(0, strikes.Count);
    }

    [Fact]
    public void A_flood_of_addresses_costs_memory_for_so_many_and_makes_nobody_share()
    {
        var strikes = new AddressStrikes(time);
        Add(strikes, -1);
        for (var i = 0; i < 3 * AddressStrikes.EntriesMax; i++)
        {
            Assert.False(Add(strikes, i));
            if (i % 5_000 == 0)
            {
                // Not quiet for long: it is kept, and its third is not forgotten.
                Assert.Equal(i >= 10_000, Add(strikes, -1));
                if (i >= 10_000)
                {
                    return;
                }
            }

            Assert.True(strikes.Count <= AddressStrikes.EntriesMax);
        }
    }

    private static bool Add(AddressStrikes strikes, int number) =>
        strikes.Add(LimitKey.Of(new IPAddress(BitConverter.GetBytes(number))), Rule);
}

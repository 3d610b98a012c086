using System.Net;
using Gatehouse.Foundation.Limits;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Limits;

public sealed class LimitTableTests
{
    private const int KeysMax = 1_000;
    private static readonly LimitPolicy Ten = new(
        "ten", LimitBy.Address, LimitAlgorithm.SlidingWindow, 10, TimeSpan.FromMinutes(1));

    private readonly ManualTime time = new();
    private readonly LimitTable table;

    public LimitTableTests() => table = new LimitTable(KeysMax, time);

    [Fact]
    public void A_flood_of_addresses_stays_bounded_and_throttles_itself_not_those_who_were_there()
    {
        var known = LimitKey.Of("known");
        Spend(known, times: 3);

        var admitted = Enumerable.Range(0, 100_000)
            .Count(i => table.Spend(Ten, LimitKey.Of($"stranger {i}"), 1).Allowed);

        Assert.InRange(table.Count, 1, KeysMax);
        // One each for those with a place of their own, and ten for those who share one of 64.
        Assert.InRange(admitted, KeysMax / 2, KeysMax + (64 * Ten.Permits));
        Assert.Equal(6, table.Spend(Ten, known, 1).Left);
    }

    [Fact]
    public void Idle_keys_make_room_by_themselves_and_for_newcomers()
    {
        for (var i = 0; i < 100_000; i++)
        {
            table.Spend(Ten, LimitKey.Of($"old {i}"), 1);
        }

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.All(
            Enumerable.Range(0, 100), i => Assert.Equal(9, table.Spend(Ten, LimitKey.Of($"new {i}"), 1).Left));

        time.Advance(TimeSpan.FromMinutes(2));
        table.Sweep();
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Policies_and_keys_of_other_kinds_do_not_spend_from_each_other()
    {
        var eleven = new LimitPolicy("eleven", LimitBy.Key, LimitAlgorithm.FixedWindow, 11, TimeSpan.FromMinutes(1));
        var key = LimitKey.Of("key");
        Spend(key, times: 10);

        Assert.False(table.Spend(Ten, key, 1).Allowed);
        Assert.Equal(10, table.Spend(eleven, key, 1).Left);
        Assert.NotEqual(LimitKey.Of(Guid.Empty), LimitKey.Of((IPAddress?)null));
        Assert.NotEqual(LimitKey.Of(Guid.Empty), LimitKey.Of(IPAddress.Any));
        Assert.NotEqual(LimitKey.Of(IPAddress.Any), LimitKey.Of(IPAddress.IPv6Any));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void A_network_of_IPv6_is_one_client_and_a_mapped_address_is_what_it_maps(
        string one, string other, bool same) =>
        Assert.Equal(same, LimitKey.Of(IPAddress.Parse(one)) == LimitKey.Of(IPAddress.Parse(other)));

    [Fact]
    public void A_decision_in_memory_allocates_nothing()
    {
        var address = IPAddress.Parse("192.0.2.1");
        Spend(LimitKey.Of(address), times: 2);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            table.Spend(Ten, LimitKey.Of(address), 1);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private void Spend(LimitKey key, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(table.Spend(Ten, key, 1).Allowed);
        }
    }
}

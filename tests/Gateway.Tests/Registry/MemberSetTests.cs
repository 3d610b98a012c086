using Gatehouse.Gateway.Registry;
using Gatehouse.Testing;
using static Gatehouse.Gateway.Tests.Registry.Members;

namespace Gatehouse.Gateway.Tests.Registry;

public sealed class MemberSetTests
{
    private static readonly Member A = Of("shop", "a", lease: 10);
    private static readonly Member B = Of("shop", "b", lease: 10);

    private readonly ManualTime time = new();
    private readonly MemberSet members;

    public MemberSetTests()
    {
        members = new MemberSet(time);
        members.Take([Stored(A), Stored(B)]);
    }

    private IEnumerable<string> Ids => members.Current.Select(member => member.Member.Key.Id);

    [Fact]
    public void Whose_lease_is_over_or_who_is_gone_is_no_member()
    {
        members.Take([Stored(A), Stored(B, left: 0)]);
        Assert.Equal(["a"], Ids);

        members.Take([]);
        Assert.Empty(Ids);
    }

    [Fact]
    public void While_the_store_is_lost_all_stay_however_long_it_takes()
    {
        Assert.True(members.Lose());
        time.Advance(TimeSpan.FromHours(5));
        Assert.False(members.Lose());

        Assert.Equal(["a", "b"], Ids);
        Assert.Equal(TimeSpan.FromHours(5), members.LostFor);
    }

    [Fact]
    public void When_the_store_is_back_each_has_one_more_lease_to_renew_its_own()
    {
        members.Lose();
        time.Advance(TimeSpan.FromHours(5));
        members.Take([Stored(A, left: -9_000), Stored(B, left: -9_000)]);
        Assert.False(members.IsLost);
        Assert.Equal(["a", "b"], Ids);

        time.Advance(TimeSpan.FromSeconds(9));
        members.Take([Stored(A), Stored(B, left: -9_009)]);
        Assert.Equal(["a", "b"], Ids);

        time.Advance(TimeSpan.FromSeconds(1));
        members.Take([Stored(A), Stored(B, left: -9_010)]);
        Assert.Equal(["a"], Ids);
    }

    [Fact]
    public void A_store_that_is_read_and_not_written_takes_nobody_away_but_who_left()
    {
        members.LoseWrites();
        time.Advance(TimeSpan.FromHours(5));
        members.Take([Stored(A, left: -9_000), Stored(B, left: -9_000)]);
        time.Advance(TimeSpan.FromSeconds(11));
        members.Take([Stored(A, left: -9_011), Stored(B, left: -9_011)]);
        Assert.True(members.IsLost);
        Assert.Equal(["a", "b"], Ids);

        members.Take([Stored(A, left: -9_011)]);
        Assert.Equal(["a"], Ids);

        members.Wrote();
        members.Take([Stored(A, left: -9_011)]);
        Assert.False(members.IsLost);
        Assert.Equal(["a"], Ids);

        time.Advance(TimeSpan.FromSeconds(10));
        members.Take([Stored(A, left: -9_021)]);
        Assert.Empty(Ids);
    }

    [Fact]
    public void A_gateway_that_was_away_gives_those_it_finds_the_time_of_a_lease()
    {
        var after = new MemberSet(time);
        after.Take([Stored(A, left: -500), Stored(B, left: -601)]);
        Assert.Equal("a", Assert.Single(after.Current).Member.Key.Id);

        time.Advance(TimeSpan.FromSeconds(10));
        after.Take([Stored(A, left: -510)]);
        Assert.Empty(after.Current);
    }

    [Fact]
    public void Whom_the_store_lost_has_that_time_too()
    {
        members.Lose();
        members.Take([]);
        Assert.Equal(["a", "b"], Ids);

        time.Advance(TimeSpan.FromSeconds(10));
        members.Take([]);
        Assert.Empty(Ids);
    }

    [Fact]
    public void Who_leaves_after_the_store_is_back_is_gone_at_once()
    {
        members.Lose();
        members.Take([Stored(A), Stored(B, left: -1)]);

        members.Take([Stored(B, left: -2)]);

        Assert.Equal(["b"], Ids);
    }
}

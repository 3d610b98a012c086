namespace Gatehouse.Kernel.Tests;

public sealed class OptionalTests
{
    [Fact]
    public void An_absent_field_leaves_what_there_is()
    {
        var absent = default(Optional<string?>);

        Assert.False(absent.IsGiven);
        Assert.Equal("now", absent.Or("now"));
    }

    [Fact]
    public void A_given_field_replaces_what_there_is()
    {
        Optional<string?> given = "new";

        Assert.True(given.IsGiven);
        Assert.Equal("new", given.Or("now"));
    }

    [Fact]
    public void A_field_given_as_null_clears_what_there_is()
    {
        Optional<string?> cleared = new(null);

        Assert.True(cleared.IsGiven);
        Assert.Null(cleared.Or("now"));
        Assert.NotEqual(default, cleared);
    }
}

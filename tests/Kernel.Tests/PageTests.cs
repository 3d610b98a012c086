namespace Gatehouse.Kernel.Tests;

public sealed class PageTests
{
    [Theory]
    [InlineData(null, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 20)]
    [InlineData(PageRequest.NumberMax, 199_980)]
    public void A_page_begins_where_the_one_before_it_ends(int? number, int offset) =>
        Assert.Equal(offset, new PageRequest(20, number, null).Offset);

    [Fact]
    public void The_last_page_at_the_largest_limit_still_has_an_offset() =>
        Assert.Equal(999_900, new PageRequest(PageRequest.LimitMax, PageRequest.NumberMax, null).Offset);
}

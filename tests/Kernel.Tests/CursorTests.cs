using FsCheck;
using FsCheck.Fluent;

namespace Gatehouse.Kernel.Tests;

public sealed class CursorTests
{
    [Fact]
    public void Every_place_survives_the_way_to_the_client_and_back() =>
        Prop.ForAll<ulong, Guid>((position, id) =>
        {
            var ticks = (long)(position % (ulong)DateTimeOffset.MaxValue.UtcTicks);
            var cursor = new Cursor(new DateTimeOffset(ticks, TimeSpan.Zero), id);
            return Cursor.TryParse(cursor.ToString(), out var read) && read == cursor;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_either_a_cursor_or_refused_without_an_exception() =>
        Prop.ForAll<string?>(text => Cursor.TryParse(text, out var cursor) == (cursor is not null))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_text_needs_no_escaping_in_a_query()
    {
        var cursor = new Cursor(DateTimeOffset.MaxValue, new Guid(Enumerable.Repeat((byte)0xFF, 16).ToArray()));

        Assert.Equal(32, cursor.ToString().Length);
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor.ToString());
    }

    [Fact]
    public void The_same_instant_in_another_zone_is_the_same_place()
    {
        var noon = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(
            new Cursor(noon, Guid.Empty).ToString(),
            new Cursor(noon.ToOffset(TimeSpan.FromHours(5)), Guid.Empty).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("not a cursor but 32 characters !")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("__________AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("f_________8AAAAAAAAAAAAAAAAAAAAA")]
    public void A_garbled_cursor_is_refused(string? text)
    {
        Assert.False(Cursor.TryParse(text, out var cursor));
        Assert.Null(cursor);
    }
}

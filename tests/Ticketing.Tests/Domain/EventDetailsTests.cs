using System.Globalization;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Tests.Domain;

public sealed class EventDetailsTests
{
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly EventDetails Good = new(
        "Concert",
        null,
        null,
        null,
        Now.AddDays(1),
        Now.AddDays(1).AddHours(2),
        "Europe/Berlin",
        null,
        100,
        1_200,
        "EUR");

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var bad = new EventDetails(
            " ", new string('x', 10_001), "a\0b", "c\0d", null, null, "Mars/Base", null, 0, -1, "BTC");

        var problem = Event.Create(default, bad, "cancelled", Now).Problem;

        Assert.Equal(
            [
                "address", "capacity", "currency", "description", "endAt", "name", "price", "startAt", "status",
                "timeZone", "venue",
            ],
            problem!.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("validation_failed", problem.Code.Name);
    }

    public static TheoryData<string, string> Times => new()
    {
        { "2030-05-02T12:00:00Z", "2030-05-02T12:00:00Z" },
        { "2030-05-02T12:00:00Z", "2030-05-02T11:00:00Z" },
        { "2030-04-01T12:00:00Z", "2030-05-01T11:59:59Z" },
        { "2030-05-02T12:00:00Z", "2032-05-02T12:00:00Z" },
        { "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z" },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void Time_that_makes_no_sense_is_refused(string start, string end)
    {
        var faults = new Faults();

        (Good with { StartAt = Time(start), EndAt = Time(end) }).Check(Now, faults);

        Assert.True(faults.Any);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    [InlineData(int.MaxValue)]
    public void Capacity_has_bounds(int capacity)
    {
        var faults = new Faults();

        (Good with { Capacity = capacity }).Check(Now, faults);

        Assert.Equal(["capacity"], faults.ToProblem().Errors.Keys);
    }

    [Fact]
    public void Good_details_pass_and_are_cleaned()
    {
        var faults = new Faults();

        var clean = (Good with { Name = "  Concert ", Venue = " " }).Check(Now, faults);

        Assert.False(faults.Any);
        Assert.Equal(("Concert", null), (clean.Name, clean.Venue));
    }

    [Theory]
    [InlineData("Ölberg: Große Nacht!", "olberg-gro-e-nacht")]
    [InlineData("  --- ", "event")]
    [InlineData("東京の夜", "event")]
    [InlineData("Jazz & Blues 2030", "jazz-blues-2030")]
    public void Slug_is_plain_ascii(string name, string slug) => Assert.Equal(slug, Slug.Of(name));

    [Fact]
    public void Buyers_cannot_cancel_longer_than_until_it_begins()
    {
        var late = Good with { CancelUntil = Good.StartAt!.Value.AddSeconds(1) };

        Assert.Equal(["cancelUntil"], Event.Create(default, late, null, Now).Problem?.Errors.Keys);
        Assert.Null(Event.Create(default, late with { CancelUntil = Good.StartAt }, null, Now).Problem);
    }
}

using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Tests.Json;

/// <summary>On the merge-patch of an event, which has every kind of field.</summary>
public sealed class OptionalConverterTests
{
    [Fact]
    public void A_field_is_absent_or_null_or_given()
    {
        var patch = Read("""{"description":null,"name":"An evening","capacity":5}""");

        Assert.Equal("An evening", patch.Name);
        Assert.Equal(5, patch.Capacity);
        Assert.Equal(new Optional<string?>(null), patch.Description);
        Assert.Equal(default, patch.Venue);
        Assert.Equal(default, patch.StartAt);
        Assert.False(patch.Price.IsGiven);
    }

    [Fact]
    public void A_time_in_a_patch_is_read_as_everywhere()
    {
        var patch = Read("""{"startAt":"2026-05-01T20:00:00+02:00"}""");

        Assert.Equal(new DateTimeOffset(2026, 5, 1, 18, 0, 0, TimeSpan.Zero), patch.StartAt.Given);
        Assert.Equal(TimeSpan.Zero, patch.StartAt.Given!.Value.Offset);
    }

    [Theory]
    [InlineData("""{"name":5}""")]
    [InlineData("""{"capacity":1.5}""")]
    [InlineData("""{"price":9223372036854775808}""")]
    [InlineData("""{"endAt":"2026-05-01T20:00:00"}""")]
    [InlineData("""{"venue":{}}""")]
    public void A_wrong_type_is_refused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"An evening"}""")]
    [InlineData("""{"description":null,"price":0}""")]
    [InlineData("""{"startAt":"2026-05-01T18:00:00Z","status":"published"}""")]
    public void A_patch_is_written_as_it_was_read(string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(Read(json), TicketingJson.Default.UpdateEvent));

    private static UpdateEvent Read(string json) =>
        JsonSerializer.Deserialize(json, TicketingJson.Default.UpdateEvent)!;
}

using System.Text.Json;
using Gatehouse.Contracts.Json;

namespace Gatehouse.Contracts.Tests.Json;

public sealed class UtcTimeConverterTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new UtcTimeConverter() } };

    [Theory]
    [InlineData("2026-05-01T20:00:00Z", "2026-05-01T20:00:00Z")]
    [InlineData("2026-05-01T20:00:00+02:00", "2026-05-01T18:00:00Z")]
    [InlineData("2026-05-01T20:00:00-00:30", "2026-05-01T20:30:00Z")]
    [InlineData("2026-05-01T20:00Z", "2026-05-01T20:00:00Z")]
    [InlineData("2026-01-01T00:00:00.1234567+14:00", "2025-12-31T10:00:00.1234567Z")]
    public void A_time_with_an_offset_is_read_and_written_in_UTC(string sent, string written)
    {
        var time = Read($"\"{sent}\"");

        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.Equal($"\"{written}\"", JsonSerializer.Serialize(time, Json));
    }

    [Fact]
    public void A_time_of_another_zone_is_written_in_UTC() => Assert.Equal(
        "\"2026-05-01T18:00:00Z\"",
        JsonSerializer.Serialize(new DateTimeOffset(2026, 5, 1, 20, 0, 0, TimeSpan.FromHours(2)), Json));

    [Theory]
    [InlineData("\"2026-05-01T20:00:00\"")]
    [InlineData("\"2026-05-01T20:00:00.123456\"")]
    [InlineData("\"2026-05-01\"")]
    [InlineData("\"2026-05-01T20:00:00+2\"")]
    [InlineData("\"2026-05-01 20:00:00Z\"")]
    [InlineData("\"2026-02-30T20:00:00Z\"")]
    [InlineData("\"2026-05-01T25:00:00Z\"")]
    [InlineData("\"9999-12-31T23:59:59-01:00\"")]
    [InlineData("\"0001-01-01T00:00:00+01:00\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"Z\"")]
    [InlineData("\"\"")]
    [InlineData("1777665600")]
    [InlineData("null")]
    [InlineData("{}")]
    public void What_is_no_time_with_an_offset_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void A_time_that_may_be_missing_may_be_null() =>
        Assert.Null(JsonSerializer.Deserialize<DateTimeOffset?>("null", Json));

    private static DateTimeOffset Read(string json) => JsonSerializer.Deserialize<DateTimeOffset>(json, Json);
}

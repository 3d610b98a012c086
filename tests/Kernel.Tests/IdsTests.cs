namespace Gatehouse.Kernel.Tests;

public sealed class IdsTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ids_sort_by_the_time_they_were_made_as_text_and_as_bytes()
    {
        var ids = Enumerable.Range(0, 200).Select(i => Ids.New(Start.AddMilliseconds(i))).ToArray();

        Assert.Equal(ids, ids.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(
            ids, ids.OrderBy(id => Convert.ToHexString(id.ToByteArray(bigEndian: true)), StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_of_one_instant_differ() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Ids.New(Start)).Distinct().Count());

    [Fact]
    public void An_id_is_a_UUID_of_version_7() => Assert.Equal(7, UserId.New(Start).Value.Version);

    [Fact]
    public void An_id_reads_as_the_bare_UUID()
    {
        var id = BookingId.New(Start);

        Assert.Equal(id.Value, Guid.ParseExact(id.ToString(), "D"));
    }
}

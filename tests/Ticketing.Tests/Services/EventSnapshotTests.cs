using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

/// <summary>What everyone sees is a second old at most, and costs nothing within it.</summary>
public sealed class EventSnapshotTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [OnEveryDatabase]
    public async Task Availability_is_a_second_old_at_most_and_decides_nothing(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: 2);
        Assert.Equal(2, await Seen(office, of));
        await office.Book(of.Id, quantity: 2);

        Assert.Equal(2, await Seen(office, of));
        Assert.Equal(0, (await office.See(of.Id)).Available);
        Assert.Equal("sold_out", (await office.Book(of.Id)).Problem?.Code.Name);
        office.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await Seen(office, of));
        Assert.Equal(0, (await office.Types.List(null, of.Id, None)).Value.Single().Left);
        var listed = await office.Events.List(EventFilter.None, new PageRequest(9, 1, null), None);
        Assert.Equal(0, listed.Items.Single().Available);
    }

    [OnEveryDatabase]
    public async Task What_the_organizer_changes_is_seen_at_once(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: 2);
        Assert.Equal(2, await Seen(office, of));
        await office.Events.Update(
            office.Organizer, of.Id, new UpdateEvent { Capacity = 7, Description = "**Now**" }, null, None);

        Assert.Equal(7, await Seen(office, of));
        Assert.Equal("<p><strong>Now</strong></p>\n", (await Get(office, of.Slug)).DescriptionHtml);
        await office.AddType(of.Id, new CreateTicketType("Balcony", Capacity: 3));
        Assert.Equal([7, 3], (await office.Types.List(null, of.Id, None)).Value.Select(type => type.Left));
    }

    [Fact]
    public async Task However_many_look_one_reads()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var of = await office.Publish(capacity: 2);
        var views = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Get(office, of.Slug)));

        Assert.All(views, view => Assert.Same(views[0], view));
    }

    [Fact]
    public async Task Calendar_file_is_the_entry_that_mails_have_and_says_what_changed()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var of = await office.Publish(capacity: 2);
        office.Time.Advance(TimeSpan.FromMinutes(1));
        await office.Events.Update(
            office.Organizer,
            of.Id,
            new UpdateEvent { Venue = "Hall; 1", Address = "Road 5\n1234 Town", Description = "One\nTwo, three" },
            null,
            None);
        await office.Events.Update(office.Organizer, of.Id, new UpdateEvent { Status = "cancelled" }, null, None);

        var file = (await office.Events.Calendar(null, of.Slug, None)).Value.File.Replace(
            "\r\n ", "", StringComparison.Ordinal);
        var lines = file.Split("\r\n");
        Assert.Contains($"UID:{of.Id}@gatehouse", lines);
        Assert.Contains("SEQUENCE:3", lines);
        Assert.Contains($"DTSTAMP:{office.Time.Now():yyyyMMdd'T'HHmmss'Z'}", lines);
        Assert.Contains(@"LOCATION:Hall\; 1\, Road 5\, 1234 Town", lines);
        Assert.Contains(@"DESCRIPTION:One\nTwo\, three", lines);
        Assert.Contains("STATUS:CANCELLED", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("METHOD", StringComparison.Ordinal));
    }

    private static async Task<int> Seen(BoxOffice office, EventView of) =>
        (await Get(office, of.Id.ToString())).Available;

    private static async Task<EventView> Get(BoxOffice office, string idOrSlug) =>
        (await office.Events.Get(null, idOrSlug, None)).Value;
}

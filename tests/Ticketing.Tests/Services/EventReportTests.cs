using System.Text;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Http;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class EventReportTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [OnEveryDatabase]
    public async Task Figures_agree_with_what_was_booked_by_type_and_by_day_where_the_event_is(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: 100);
        await office.Events.Update(
            office.Organizer, of.Id, new UpdateEvent { TimeZone = "Asia/Kathmandu" }, null, None);
        var free = (await office.SeeTypes(of.Id))[0];
        var paid = await office.AddType(of.Id, new CreateTicketType("Balcony", Price: 500));

        // Kathmandu is at +05:45: its day ends at 18:15 UTC.
        office.Time.Advance(office.Time.Now().UtcDateTime.Date.AddHours(42.25).AddMinutes(-1) -
            office.Time.Now().UtcDateTime);
        var first = DateOnly.FromDateTime(office.Time.Now().Date);
        await office.Book(of.Id, null, null, (free, 2));
        var gone = BoxOffice.Person();
        var cancelled = (await office.Book(of.Id, gone, null, (free, 5))).Value.Booking;
        await office.Bookings.Cancel(gone, cancelled.Id, None);
        office.Time.Advance(TimeSpan.FromMinutes(2));
        var coming = (await office.Book(of.Id, null, null, (free, 1))).Value.Booking;
        await office.Book(of.Id, null, null, (free, 1), (paid, 3));
        await office.Get<ICheckIns>().Scan(
            new DoorPass(office.Organizer, null), of.Id, new ScanTicket(coming.Tickets[0].Code), None);

        var stats = (await Reports(office).Stats(office.Organizer, of.Id, None)).Value;

        Assert.Equal((100, 3, 4, 93), (stats.Capacity, stats.Sold, stats.Held, stats.Left));
        Assert.Equal(new BookingCounts(Held: 1, Confirmed: 2, Cancelled: 1, Expired: 0), stats.Bookings);
        Assert.Equal([(3, 1), (0, 3)], stats.Types.Select(type => (type.Sold, type.Held)));
        Assert.Equal(1, stats.CheckedIn);
        Assert.Equal([new MinuteStats(office.Time.Now(), 1)], stats.CheckIns);
        Assert.Equal([new DayStats(first, 1, 2, 0), new DayStats(first.AddDays(1), 1, 1, 0)], stats.Days);
    }

    [OnEveryDatabase]
    public async Task Bookings_are_listed_newest_first_filtered_and_found_by_how_they_begin(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: 100);
        var made = new List<BookingView>();
        for (var i = 0; i < 7; i++)
        {
            office.Time.Advance(TimeSpan.FromSeconds(1));
            made.Add((await office.Book(of.Id)).Value.Booking);
        }

        await office.Execute("UPDATE bookings SET email = 'Ann.Smith@example.org' WHERE id = @id", made[2].Id);
        await office.Execute("UPDATE bookings SET name = 'Zoë Smith' WHERE id = @id", made[4].Id);
        await office.Execute("UPDATE bookings SET status = 'cancelled' WHERE id = @id", made[6].Id);

        var first = await List(office, of, limit: 3);
        var second = await List(office, of, limit: 3, after: first.NextCursor);
        var third = await List(office, of, limit: 3, after: second.NextCursor);
        Assert.Equal(
            made.Select(booking => booking.Id).Reverse(),
            first.Items.Concat(second.Items).Concat(third.Items).Select(booking => booking.Id));
        Assert.Null(third.NextCursor);
        Assert.Equal([made[6].Id], (await List(office, of, status: "cancelled")).Items.Select(b => b.Id));
        Assert.Equal([made[2].Id], (await List(office, of, search: "ann.s")).Items.Select(b => b.Id));
        Assert.Equal([made[4].Id], (await List(office, of, search: "ZOË")).Items.Select(b => b.Id));
        var code = made[1].Code.ToLowerInvariant();
        Assert.Equal([made[1].Id], (await List(office, of, search: code)).Items.Select(b => b.Id));
        Assert.Empty((await List(office, of, search: "ann%")).Items);
        Assert.Empty((await List(office, of, search: "ann", status: "held")).Items);
    }

    [OnEveryDatabase]
    public async Task What_an_event_sold_is_nobody_elses_business(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: 10);
        var booking = (await office.Book(of.Id, quantity: 2)).Value.Booking;
        var (other, admin) = (BoxOffice.Person(Role.Organizer), BoxOffice.Person(Role.Admin));

        Assert.Equal("not_found", (await Reports(office).Stats(other, of.Id, None)).Problem?.Code.Name);
        Assert.Equal("not_found", (await Reports(office).Booking(other, of.Id, booking.Id, None)).Problem?.Code.Name);
        Assert.Equal("not_found", (await Reports(office).Export(other, of.Id, None)).Problem?.Code.Name);
        Assert.Equal(2, (await Reports(office).Stats(admin, of.Id, None)).Value.Sold);
        var seen = (await Reports(office).Booking(office.Organizer, of.Id, booking.Id, None)).Value;
        Assert.Equal(["valid", "valid"], seen.Tickets!.Select(ticket => ticket.Status));
        Assert.Equal(
            "not_found",
            (await Reports(office).Booking(office.Organizer, of.Id, Guid.NewGuid(), None)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Export_has_every_booking_and_no_formula(DatabaseProvider provider)
    {
        const int bookings = 1_203;
        await using var office = await BoxOffice.Open(provider);
        var of = await office.Publish(capacity: bookings);
        await Task.WhenAll(Enumerable.Range(0, bookings).Select(_ => office.Book(of.Id)));
        await office.Execute(
            "UPDATE bookings SET name = '=HYPERLINK(\"http://example.org\",\"a\")', email = '@SUM(A1)' " +
            "WHERE id = (SELECT id FROM bookings ORDER BY id LIMIT 1)",
            Guid.Empty);

        using var file = new MemoryStream();
        var export = (await Reports(office).Export(office.Organizer, of.Id, None)).Value;
        await BookingsCsv.Write(file, export.Bookings, None);

        var text = Encoding.UTF8.GetString(file.ToArray());
        var rows = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("\uFEFFcode,status,name,email,places,", rows[0], StringComparison.Ordinal);
        Assert.Equal(bookings + 1, rows.Length);
        Assert.Equal(bookings, rows.Skip(1).Select(row => row[^36..]).Distinct().Count());
        Assert.Contains(
            ",\"'=HYPERLINK(\"\"http://example.org\"\",\"\"a\"\")\",\"'@SUM(A1)\",1,0,EUR,",
            rows[1],
            StringComparison.Ordinal);
    }

    private static IEventReports Reports(BoxOffice office) => office.Get<IEventReports>();

    private static async Task<Page<EventBookingView>> List(
        BoxOffice office,
        EventView of,
        int limit = 100,
        string? after = null,
        string? search = null,
        string? status = null)
    {
        Cursor? cursor = null;
        Assert.True(after is null || Cursor.TryParse(after, out cursor));
        var filter = new EventBookingFilter(search, status);
        return (await Reports(office).Bookings(
            office.Organizer, of.Id, filter, new PageRequest(limit, null, cursor), None)).Value;
    }
}

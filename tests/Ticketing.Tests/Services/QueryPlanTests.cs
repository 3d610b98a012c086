using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

/// <summary>What is read under an event's lock costs what is asked for, not what the event has sold.</summary>
public sealed class QueryPlanTests
{
    private const string ByBooking = "(event_id=? AND booking_id=?)";
    private const string LinesByBooking = "l USING INDEX sqlite_autoindex_booking_lines_1 " + ByBooking;

    private const string Bookings = "bookings USING INDEX sqlite_autoindex_bookings_1 ";

    [Theory]
    [InlineData("BookingRepository", "Lines", LinesByBooking)]
    [InlineData("BookingRepository", "Bought", "b USING INDEX bookings_live_of_buyer (user_id=? AND event_id=?)")]
    [InlineData("BookingRepository", "Bought", LinesByBooking)]
    [InlineData("BookingViewRepository", "Tickets", "t USING INDEX sqlite_autoindex_tickets_1 " + ByBooking)]
    [InlineData("BookingViewRepository", "Lines", LinesByBooking)]
    [InlineData("EventReportRepository", "OfStatus", "bookings USING INDEX bookings_by_status")]
    [InlineData("EventReportRepository", "All", Bookings + "(event_id=? AND id<?)")]
    [InlineData("EventReportRepository", "After", Bookings + "(event_id=? AND id>?)")]
    [InlineData("EventReportRepository", "Found", "bookings USING INDEX bookings_email_prefix")]
    [InlineData("EventReportRepository", "Found", "bookings USING INDEX bookings_name_prefix")]
    [InlineData("EventReportRepository", "Found", "bookings USING INDEX sqlite_autoindex_bookings_2")]
    [InlineData("EventReportRepository", "Lines", LinesByBooking)]
    [InlineData("TicketTypeRepository", "IsBooked", "booking_lines USING COVERING INDEX booking_lines_by_type")]
    public async Task Sqlite_searches_by_key(string repository, string text, string part)
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var sql = SqlTexts.Of(typeof(TicketingModule).Assembly, DatabaseProvider.Sqlite)
            .Single(found => found.Name.Contains($"{repository}+Sql.{text}", StringComparison.Ordinal) ||
                found.Name.Contains($"{repository}+Sql+{text}.", StringComparison.Ordinal)).Text;
        await using var session = await office.Database.Read(TestContext.Current.CancellationToken);

        var plan = await session.Query<Step>($"EXPLAIN QUERY PLAN {sql}", new
        {
            eventId = Guid.Empty,
            id = Guid.Empty,
            ids = "[]",
            userId = Guid.Empty,
            oldest = Guid.Empty,
            newest = Guid.Empty,
            begins = "",
            beyond = "",
            code = "",
            codeBeyond = "",
            isAny = true,
            status = "",
            rows = 1,
        });

        var steps = string.Join('\n', plan.Select(step => step.Detail));
        Assert.Contains($"SEARCH {part}", steps, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"SEARCH [tl] .*\(event_id=\?\)", steps);
    }

    private sealed class Step
    {
        public string Detail { get; init; } = "";
    }
}

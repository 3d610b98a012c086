using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

/// <summary>What is read under an event's lock costs what is asked for, not what the event has sold.</summary>
public sealed class QueryPlanTests
{
    private const string ByBooking = "(event_id=? AND booking_id=?)";
    private const string LinesByBooking = "l USING INDEX sqlite_autoindex_booking_lines_1 " + ByBooking;

    private const string Bookings = "bookings USING INDEX sqlite_autoindex_bookings_1 ";

    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    private static readonly object Any = new
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
        offset = 0,
        now = DateTimeOffset.UnixEpoch,
        from = DateTimeOffset.UnixEpoch,
        since = DateTimeOffset.UnixEpoch,
        until = DateTimeOffset.UnixEpoch,
        at = DateTimeOffset.UnixEpoch,
        organizer = Guid.Empty,
        isPublic = true,
        words = "'a'",
    };

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
    [InlineData("EventViewRepository", "FoundAfter", "n USING INTEGER PRIMARY KEY (rowid=?)")]
    [InlineData("EventViewRepository", "FoundCount", "e USING INDEX sqlite_autoindex_events_1 (id=?)")]
    [InlineData("EventViewRepository", "PublishedAfter", "e USING INDEX events_by_start (status=? AND")]
    [InlineData("EventViewRepository", "OwnAfter", "e USING INDEX events_by_organizer (organizer_id=? AND")]
    [InlineData("TicketTypeRepository", "IsBooked", "booking_lines USING COVERING INDEX booking_lines_by_type")]
    public async Task Sqlite_searches_by_key(string repository, string text, string part)
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var sql = SqlTexts.Of(typeof(TicketingModule).Assembly, DatabaseProvider.Sqlite)
            .Single(found => found.Name.Contains($"{repository}+Sql.{text}", StringComparison.Ordinal) ||
                found.Name.Contains($"{repository}+Sql+{text}.", StringComparison.Ordinal)).Text;
        await using var session = await office.Database.Read(TestContext.Current.CancellationToken);

        var plan = await session.Query<Step>($"EXPLAIN QUERY PLAN {sql}", Any);

        var steps = string.Join('\n', plan.Select(step => step.Detail));
        Assert.Contains($"SEARCH {part}", steps, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"SEARCH [tl] .*\(event_id=\?\)", steps);
    }

    [Fact]
    public async Task Postgres_searches_by_index()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Postgres);
        var of = await office.Publish(capacity: 5);
        await office.Execute(
            """
            INSERT INTO bookings (
                event_id, id, user_id, code, quantity, total, currency, status, created_at, email, name)
            SELECT @id, gen_random_uuid(), @id, 'C' || n, 1, 0, 'EUR',
                CASE WHEN n % 300 = 0 THEN 'cancelled' ELSE 'confirmed' END, '2030-01-01Z', 'ann' || n, 'Ann' || n
            FROM generate_series(1, 30000) n;
            INSERT INTO events (
                id, organizer_id, slug, name, start_at, end_at, time_zone, price, currency, status, version, created_at)
            SELECT gen_random_uuid(), @id, 's' || n, 'Night ' || n, '2031-01-01Z', '2031-01-02Z', 'UTC', 0, 'EUR',
                'published', 1, '2030-01-01Z'
            FROM generate_series(1, 10000) n;
            INSERT INTO pools (event_id, id, size, held, sold)
            SELECT id, id, 1, 0, 0
            FROM events
            WHERE id <> @id;
            ANALYZE bookings, events, pools
            """,
            of.Id);

        await Explains("EventViewRepository+Sql+FoundAfter.", "events_search");
        await Explains("EventReportRepository+Sql.OfStatus", "bookings_by_status");
        await Explains(
            "EventReportRepository+Sql+Found.",
            "bookings_email_prefix",
            "bookings_name_prefix",
            "bookings_event_id_code_key");

        async Task Explains(string text, params string[] indexes)
        {
            var sql = SqlTexts.Of(typeof(TicketingModule).Assembly, DatabaseProvider.Postgres)
                .Single(found => found.Name.Contains(text, StringComparison.Ordinal)).Text;
            await using var session = await office.Database.Read(TestContext.Current.CancellationToken);
            var plan = string.Join('\n', await session.Query<string>($"EXPLAIN {sql}", new
            {
                eventId = of.Id,
                id = Highest,
                begins = "ann1234",
                beyond = "ann1235",
                code = "C1234",
                codeBeyond = "C1235",
                isAny = true,
                status = "cancelled",
                rows = 20,
                now = DateTimeOffset.UnixEpoch,
                from = DateTimeOffset.UnixEpoch,
                until = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero),
                at = DateTimeOffset.UnixEpoch,
                organizer = Guid.Empty,
                isPublic = true,
                words = "'night' & '4321' & '43':*",
            }));
            Assert.DoesNotContain("Seq Scan on bookings", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan on events", plan, StringComparison.Ordinal);
            Assert.All(indexes, index => Assert.Contains(index, plan, StringComparison.Ordinal));
        }
    }

    private sealed class Step
    {
        public string Detail { get; init; } = "";
    }
}

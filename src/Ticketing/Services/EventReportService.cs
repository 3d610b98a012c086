using System.Runtime.CompilerServices;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Caching;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

internal sealed class EventReportService(
    IEventReportRepository reports, IEventRepository events, ICache cache, TimeProvider time) : IEventReports
{
    private const int ExportBatch = 500;

    // Counting a million bookings takes two seconds of a core: whoever looks, however often, that is done now and then.
    private static readonly CachePolicy CountedFor = new(TimeSpan.FromSeconds(5));

    public async Task<Result<EventStats>> Stats(Caller caller, Guid eventId, CancellationToken cancellation)
    {
        var id = new EventId(eventId);
        if (await FindSlug(caller, id, cancellation) is null)
        {
            return Problem.NotFound("event");
        }

        var stats = await cache.Get(
            $"ticketing.stats.1:{eventId}",
            CountedFor,
            TicketingJson.Default.EventStats,
            async ending => await Count(id, ending),
            cancellation);
        return stats is null ? Problem.NotFound("event") : stats;
    }

    public async Task<Result<Page<EventBookingView>>> Bookings(
        Caller caller, Guid eventId, EventBookingFilter filter, PageRequest page, CancellationToken cancellation)
    {
        var id = new EventId(eventId);
        if (await FindSlug(caller, id, cancellation) is null)
        {
            return Problem.NotFound("event");
        }

        var rows = await reports.List(id, filter, page, time.Now(), cancellation);
        var items = rows.Take(page.Limit).ToList();
        return new Page<EventBookingView>(items, page.Limit)
        {
            NextCursor = rows.Count > items.Count ? new Cursor(items[^1].CreatedAt, items[^1].Id).ToString() : null,
        };
    }

    public async Task<Result<EventBookingView>> Booking(
        Caller caller, Guid eventId, Guid id, CancellationToken cancellation)
    {
        var of = new EventId(eventId);
        if (await FindSlug(caller, of, cancellation) is null)
        {
            return Problem.NotFound("event");
        }

        return await reports.Find(of, new BookingId(id), time.Now(), cancellation) is { } booking
            ? booking
            : Problem.NotFound("booking");
    }

    public async Task<Result<BookingExport>> Export(Caller caller, Guid eventId, CancellationToken cancellation)
    {
        var id = new EventId(eventId);
        return await FindSlug(caller, id, cancellation) is { } slug
            ? new BookingExport(slug, ReadAll(id, cancellation))
            : Problem.NotFound("event");
    }

    private Task<string?> FindSlug(Caller caller, EventId id, CancellationToken cancellation) =>
        reports.FindSlug(id, caller.Is(Role.Admin) ? null : caller.User, cancellation);

    // A connection a batch: however slowly the reader takes it, nothing in the database waits.
    private async IAsyncEnumerable<EventBookingView> ReadAll(
        EventId of, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var after = new BookingId(Guid.Empty);
        IReadOnlyList<EventBookingView> batch;
        do
        {
            batch = await reports.After(of, after, ExportBatch, time.Now(), cancellation);
            foreach (var booking in batch)
            {
                yield return booking;
                after = new BookingId(booking.Id);
            }
        }
        while (batch.Count == ExportBatch);
    }

    private async Task<EventStats?> Count(EventId id, CancellationToken cancellation)
    {
        var now = time.Now();
        if (await events.Read(id, now, cancellation) is not var (@event, offer))
        {
            return null;
        }

        var bookings = await reports.CountBookings(id, cancellation);
        var places = await reports.SumPlaces(id, now, cancellation);
        var checkIns = await reports.CountCheckIns(id, cancellation);
        return SaleFigures.Of(@event, offer, bookings, places, checkIns, now);
    }
}

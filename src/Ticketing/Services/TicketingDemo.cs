using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Modules;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Four events of different sizes, one almost sold out. Needs the demo's accounts, so a process without identity has
/// none.
/// </summary>
internal sealed class TicketingDemo(
    IEvents events, IBookings bookings, IEnumerable<IAccounts> accounts, TimeProvider time) : IDemoData
{
    private const string AlmostSoldOut = "Neighbourhood Chess Evening";

    public int Order => 20;

    public async Task<bool> Seed(CancellationToken cancellation)
    {
        if (await Caller("organizer@example.org", cancellation) is not { } organizer ||
            await Caller("buyer2@example.org", cancellation) is not { } buyer ||
            (await events.ListOwn(organizer, EventFilter.None, new PageRequest(1, 1, null), cancellation)).Total > 0)
        {
            return false;
        }

        foreach (var request in Requests(time.Now()))
        {
            var created = (await events.Create(organizer, request, cancellation)).Value;
            if (created.Name == AlmostSoldOut)
            {
                await bookings.Place(buyer, created.Id, new PlaceBooking { Quantity = 10 }, null, cancellation);
            }
        }

        return true;
    }

    private async Task<Caller?> Caller(string email, CancellationToken cancellation) =>
        accounts.SingleOrDefault() is { } known && await known.Find(email, cancellation) is { } account
            ? new Caller(new UserId(account.Id), account.Role, new SessionId(Guid.Empty))
            : null;

    private static IEnumerable<CreateEvent> Requests(DateTimeOffset now)
    {
        yield return Evening(
            "Open Air Cinema", "Bring a blanket. The film starts at dusk.", "Castle Park", now.AddDays(21), 800, 0);
        yield return Evening(
            AlmostSoldOut, "Beginners welcome; boards are there.", "Library, Room 2", now.AddDays(7), 12, 0);
        yield return Evening(
            "Pottery Workshop", "Two hours at the wheel, clay included.", "Studio North", now.AddDays(30), 16, 4_500);
        yield return Evening(
            "Street Food Festival", "Sixty kitchens, three stages.", "Harbour Square", now.AddDays(60), 20_000, 1_200);
    }

    private static CreateEvent Evening(
        string name, string description, string venue, DateTimeOffset day, int capacity, long price)
    {
        var start = new DateTimeOffset(day.Date.AddHours(18), TimeSpan.Zero);
        return new CreateEvent(
            name, description, venue, start, start.AddHours(4), "Europe/Berlin", capacity, price, "EUR", "published");
    }
}

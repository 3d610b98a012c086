using Gatehouse.Contracts.Ticketing;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Puts together what was counted of an event: by type, and by day where the event is.</summary>
internal static class SaleFigures
{
    private const string Confirmed = "confirmed";

    public static EventStats Of(
        Event of,
        Offer offer,
        IReadOnlyList<BookingSum> bookings,
        IReadOnlyList<PlaceSum> places,
        IReadOnlyList<MinuteStats> checkIns,
        DateTimeOffset now)
    {
        int Bookings(string status) => bookings.Where(sum => sum.Status == status).Sum(sum => sum.Bookings);
        var sold = places.Where(sum => sum.Status == Confirmed).ToList();
        return new EventStats(
            now,
            of.Status.ToText(of.Details.EndAt, now),
            offer.Own.Size,
            offer.Own.Sold,
            offer.Own.Held,
            offer.Own.Available,
            sold.Sum(sum => sum.Revenue),
            of.Details.Price.Currency.Code,
            new BookingCounts(Bookings("held"), Bookings(Confirmed), Bookings("cancelled"), Bookings("expired")),
            checkIns.Sum(minute => minute.CheckedIn),
            [.. offer.Types.Select(type => OfType(type, offer, places))],
            ByDay(TimeZoneInfo.FindSystemTimeZoneById(of.Details.TimeZone), bookings, sold),
            checkIns);
    }

    private static TicketTypeStats OfType(TicketType type, Offer offer, IReadOnlyList<PlaceSum> places)
    {
        var own = places.Where(sum => sum.Type == type.Id).ToLookup(sum => sum.Status == Confirmed);
        return new TicketTypeStats(
            type.Id.Value,
            type.Details.Name,
            own[true].Sum(sum => sum.Places),
            own[false].Sum(sum => sum.Places),
            offer.Left(type),
            own[true].Sum(sum => sum.Revenue));
    }

    private static List<DayStats> ByDay(
        TimeZoneInfo zone, IReadOnlyList<BookingSum> bookings, IReadOnlyList<PlaceSum> sold)
    {
        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        var made = bookings.Where(sum => sum.Status == Confirmed).ToLookup(sum => Day(sum.At));
        var taken = sold.ToLookup(sum => Day(sum.At));
        return
        [
            .. made.Select(day => day.Key).Union(taken.Select(day => day.Key)).Order().Select(day => new DayStats(
                day,
                made[day].Sum(sum => sum.Bookings),
                taken[day].Sum(sum => sum.Places),
                taken[day].Sum(sum => sum.Revenue))),
        ];
    }
}

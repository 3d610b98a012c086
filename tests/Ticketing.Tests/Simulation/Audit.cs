using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>Holds the books of an event against themselves and against the model.</summary>
internal sealed class Audit(BoxOffice office, Guid of, IReadOnlyList<TicketTypeView> types, Model model)
{
    /// <param name="bookings">Their ids, in the order of the model's.</param>
    public async Task Check(IReadOnlyList<Guid> bookings)
    {
        var (books, now) = (await Books.Of(office.Database, of), office.Time.Now());
        CheckPools(books);
        Demand(books.Lines.Count == bookings.Count, $"{books.Lines.Count} bookings, not {bookings.Count}");
        for (var i = 0; i < bookings.Count; i++)
        {
            CheckBooking(i, model.Bookings[i], [.. books.Lines[bookings[i]]], now);
            CheckMoney(i, model.Bookings[i], books.Money.GetValueOrDefault(bookings[i]));
        }
    }

    /// <summary>When all that lapsed was tidied: what is shown and what was told is the model's too.</summary>
    public async Task CheckEnd(IReadOnlyList<Guid> bookings)
    {
        await Check(bookings);
        var books = await Books.Of(office.Database, of);
        Demand(books.Pools.Values.All(pool => pool.Held == 0), "places are held for ever");
        var left = await office.SeeTypes(of);
        foreach (var (i, type) in model.Types.Index())
        {
            var free = type.Pools.Min(pool => model.Sizes[pool] - model.Taken(pool));
            var shown = left.Single(view => view.Id == types[i].Id).Left;
            Demand(shown == free, $"of type {i} {free} are left, not {shown}");
        }

        var told = await Books.Told(office.Database, of);
        foreach (var (i, booking) in model.Bookings.Index())
        {
            var facts = told[bookings[i]].Order();
            Demand(facts.SequenceEqual(booking.Facts.Order()), $"of booking #{i} was told: {string.Join(", ", facts)}");
        }
    }

    private void CheckPools(Books books)
    {
        var numbers = types.Index().Where(type => type.Item.Pools.Count > 0)
            .ToLookup(type => type.Item.Pools[0], type => type.Item.Id);
        foreach (var pool in books.Pools.Values)
        {
            var isOwn = !numbers.Contains(pool.Id);
            var drawing = books.Lines.SelectMany(lines => lines)
                .Where(line => isOwn || numbers[pool.Id].Contains(line.TypeId)).ToList();
            var (held, sold) = (Places(drawing, "held"), Places(drawing, "confirmed"));
            Demand(
                (pool.Held, pool.Sold) == (held, sold) && held + sold <= pool.Size,
                $"a pool of {pool.Size} has {pool.Held} held and {pool.Sold} sold, its bookings {held} and {sold}");
        }
    }

    private void CheckBooking(int number, ModelBooking wanted, Books.LineRow[] lines, DateTimeOffset now)
    {
        var status = lines[0] is { Status: "held" } first && first.IsOver(now) ? "expired" : lines[0].Status;
        Demand(status == wanted.Status, $"booking #{number} is {status}, not {wanted.Status}");
        for (var i = 0; i < types.Count; i++)
        {
            var line = lines.FirstOrDefault(line => line.TypeId == types[i].Id);
            var tickets = status == "confirmed" ? wanted.Places[i] : 0;
            var isRight = line is null
                ? wanted.Places[i] == 0
                : line.Places == wanted.Places[i] && line.ValidTickets == tickets;
            Demand(isRight, $"booking #{number} has of type {i} {line?.Places} places, {line?.ValidTickets} tickets");
        }

        var inside = lines.Sum(line => line.Admitted);
        Demand(inside == wanted.Admitted.Count, $"of booking #{number} {wanted.Admitted.Count} are in, not {inside}");
    }

    // What was paid and does not go back is what the tickets are worth.
    private void CheckMoney(int number, ModelBooking wanted, long kept) =>
        Demand(kept == model.Worth(wanted), $"booking #{number} is worth {model.Worth(wanted)}, and {kept} was kept");

    private static int Places(IEnumerable<Books.LineRow> lines, string status) =>
        lines.Where(line => line.Status == status).Sum(line => line.Places);

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

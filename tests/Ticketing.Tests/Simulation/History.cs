using System.Globalization;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Jobs;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>
/// One event and what happens to it, all of it drawn from a seed. After each step the books are held against the model.
/// </summary>
internal sealed class History
{
    private const int StepsMax = 36;
    private const int BuyersMax = 3;
    private const int PlacesMax = 3;

    private readonly Random random;
    private readonly BoxOffice office;
    private readonly Crashes crashes;
    private readonly Guid of;
    private readonly TicketTypeView[] types;
    private readonly Model model;
    private readonly Audit audit;
    private readonly Caller[] buyers = [.. Enumerable.Range(0, BuyersMax).Select(_ => BoxOffice.Person())];
    private readonly List<(Guid Id, string Key, PlaceBooking Request)> placed = [];
    private readonly List<string> steps = [];

    private History(int seed, BoxOffice office, Crashes crashes, Guid of, TicketTypeView[] types, Model model)
    {
        (random, this.office, this.crashes, this.of, this.types, this.model) =
            (new Random(seed), office, crashes, of, types, model);
        audit = new Audit(office, of, types, model);
    }

    /// <summary>Plays it to its end; throws with the seed and all steps where books and model part.</summary>
    public static async Task Play(int seed, BoxOffice office, Crashes crashes)
    {
        var history = await Begin(seed, office, crashes);
        try
        {
            await history.Run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"""
                History {seed} went wrong: {exception.Message}
                Again: GATEHOUSE_TEST_SEED={seed} ./test Ticketing
                {string.Join('\n', history.steps)}
                """,
                exception);
        }
    }

    private static async Task<History> Begin(int seed, BoxOffice office, Crashes crashes)
    {
        var dice = new Random(~seed);
        int[] sizes = [dice.Next(3, 13), dice.Next(1, 7), dice.Next(1, 5)];
        var id = (await office.Publish(sizes[0])).Id;
        var shared = await office.AddType(id, new CreateTicketType("Shared", Price: 500, Capacity: sizes[1]));
        var guest = await office.AddType(id, new CreateTicketType("Guest", Pools: shared.Pools));
        var few = await office.AddType(id, new CreateTicketType("Few", Price: 90, BuyerMax: 3, Capacity: sizes[2]));
        var standard = (await office.SeeTypes(id)).Single(type => type.Name == "Standard");
        ModelType[] modelled = [new(0, [0]), new(500, [0, 1]), new(0, [0, 1]), new(90, [0, 2], BuyerMax: 3)];
        var hold = TimeSpan.FromMinutes(new TicketingOptions().HoldMinutes);
        return new History(
            seed, office, crashes, id, [standard, shared, guest, few], new Model(modelled, sizes, hold));
    }

    private async Task Run()
    {
        for (var count = random.Next(8, StepsMax); count > 0; count--)
        {
            await Step();
            model.Lapse(office.Time.Now());
            await audit.Check(placed.ConvertAll(booking => booking.Id));
        }

        office.Time.Advance(TimeSpan.FromHours(1));
        model.Lapse(office.Time.Now());
        await Sweep();
        await audit.CheckEnd(placed.ConvertAll(booking => booking.Id));
    }

    private Task Step() => random.Next(100) switch
    {
        < 22 => Place(),
        < 30 => PlaceTogether(),
        < 35 => Repeat(),
        < 42 => Cancel(),
        < 46 => CancelAsOrganizer(),
        < 54 => CancelTicket(),
        < 64 => BeginPayment(),
        < 78 => CallBack(),
        < 87 => CheckIn(),
        < 96 => Wait(),
        < 98 => Sweep(),
        _ => Restart(),
    };

    private async Task Place()
    {
        var (buyer, places) = Wish();
        var request = Request(places);
        var key = $"alone-{steps.Count}";
        Note($"{buyer} books {Text(places)}");
        if (await Crashing(() => office.Bookings.Place(buyers[buyer], of, request, key, default)) is { } answer)
        {
            Expect(answer, buyer, places, key, request);
        }
    }

    // Several wait in the lane at once: they are decided in the order in which they came, in how many batches so ever.
    private async Task PlaceTogether()
    {
        var wishes = Enumerable.Range(0, random.Next(2, 6)).Select(_ => Wish()).ToArray();
        Note($"at once: {string.Join("; ", wishes.Select(wish => $"{wish.Buyer} books {Text(wish.Places)}"))}");
        var requests = Array.ConvertAll(wishes, wish => Request(wish.Places));
        var answers = await Task.WhenAll(wishes.Zip(requests).Select((wish, i) => office.Bookings.Place(
            buyers[wish.First.Buyer], of, wish.Second, $"key-{steps.Count}-{i}", default)));
        for (var i = 0; i < wishes.Length; i++)
        {
            Expect(answers[i], wishes[i].Buyer, wishes[i].Places, $"key-{steps.Count}-{i}", requests[i]);
        }
    }

    // An answer was lost on its way, and the buyer asks again with the same key, for the same or for something else.
    private async Task Repeat()
    {
        if (Pick() is not { } chosen)
        {
            return;
        }

        var (id, key, request) = placed[chosen];
        var buyer = buyers[model.Bookings[chosen].Buyer];
        Note($"#{chosen} is asked for again");
        var again = (await office.Bookings.Place(buyer, of, request, key, default)).Value;
        Demand(again.Replayed && again.Booking.Id == id, $"booking #{chosen} again was answered {again}");
        var other = await office.Bookings.Place(buyer, of, Request([3, 3, 3, 3]), key, default);
        Demand(other.Problem?.Code == ProblemCodes.IdempotencyMismatch, $"another order with its key: {other.Problem}");
    }

    private async Task Cancel()
    {
        if (Pick() is { } chosen)
        {
            Note($"#{chosen} is cancelled");
            var buyer = buyers[model.Bookings[chosen].Buyer];
            await Change(chosen, () => office.Bookings.Cancel(buyer, placed[chosen].Id, default), b => b.Cancel());
        }
    }

    private async Task CancelAsOrganizer()
    {
        if (Pick() is { } chosen)
        {
            Note($"#{chosen} is cancelled by the organizer");
            await Change(
                chosen,
                () => office.Get<IEventBookings>().Cancel(office.Organizer, of, placed[chosen].Id, default),
                b => b.Cancel());
        }
    }

    private async Task CancelTicket()
    {
        if (Pick() is not { } chosen)
        {
            return;
        }

        var buyer = buyers[model.Bookings[chosen].Buyer];
        var tickets = (await office.Bookings.Get(buyer, placed[chosen].Id, default)).Value.Tickets;
        if (tickets.Count == 0 || model.Bookings[chosen].Status != "confirmed")
        {
            return;
        }

        var ticket = tickets[random.Next(tickets.Count)];
        var type = Array.FindIndex(types, type => type.Id == ticket.TicketTypeId);
        Note($"#{chosen} gives a ticket of type {type} back");
        await Change(
            chosen,
            () => office.Bookings.CancelTicket(buyer, placed[chosen].Id, ticket.Id, default),
            b => b.CancelPlace(type, ticket.Id));
    }

    private async Task BeginPayment()
    {
        // Mostly of one that can be paid: of the others there are many.
        var held = model.Bookings.Index().Where(booking => booking.Item.Status == "held").ToList();
        if ((held.Count > 0 && random.Next(5) > 0 ? held[random.Next(held.Count)].Index : Pick()) is not { } chosen)
        {
            return;
        }

        var booking = model.Bookings[chosen];
        Note($"#{chosen} is about to be paid");
        if (await Crashing(() => office.Payments.Begin(
            buyers[booking.Buyer], placed[chosen].Id, new BeginPayment("test"), default)) is not { } answer)
        {
            return;
        }

        if (booking.Status != "held")
        {
            Demand(answer.Problem is not null, $"it can be paid while it is {booking.Status}");
        }
        else if (booking.Payments.Find(payment => payment.Status == "pending") is { } pending)
        {
            Demand(answer.Value.Id == pending.Id, "it has two payments that are pending");
        }
        else
        {
            booking.Payments.Add(new ModelPayment(answer.Value.Id));
        }
    }

    // Signed as the provider does it: at any time after, in any order, and the same one again.
    private async Task CallBack()
    {
        var begun = model.Bookings.Index().SelectMany(booking => booking.Item.Payments.Select(payment =>
            (booking.Index, booking.Item, Payment: payment))).ToList();
        if (begun.Count == 0)
        {
            return;
        }

        var (number, booking, payment) = begun[random.Next(begun.Count)];
        var (status, id) = (random.Next(4) > 0 ? "succeeded" : "failed", random.Next(2));
        Note($"of #{number} the provider says: {status} ({id})");
        var callback = office.Get<TestPayments>().Sign($"{payment.Id} {payment.Id}-{status}-{id} {status}");
        if (await Crashing(() => office.Get<PaymentCallbackService>().Receive("test", callback, default)) is not
            { } answer)
        {
            return;
        }

        Demand(answer.Problem is null, $"it was answered {answer.Problem}");
        if (status == "succeeded")
        {
            model.Paid(booking, payment, office.Time.Now());
        }
        else if (payment.Status == "pending")
        {
            payment.Status = status;
        }
    }

    private async Task CheckIn()
    {
        if (Pick() is not { } chosen || model.Bookings[chosen].Status != "confirmed")
        {
            return;
        }

        var booking = model.Bookings[chosen];
        var tickets = (await office.Bookings.Get(buyers[booking.Buyer], placed[chosen].Id, default)).Value.Tickets;
        var ticket = tickets[random.Next(tickets.Count)];
        Note($"#{chosen} comes with a ticket");
        if (await Crashing(() => office.Get<ICheckIns>().Scan(
            new DoorPass(office.Organizer, Token: null), of, new ScanTicket(ticket.Code), default)) is { } answer)
        {
            var wanted = booking.Admitted.Add(ticket.Id) ? "admitted" : "already_admitted";
            Demand(answer.Value.Result == wanted, $"the door says {answer.Value.Result}, not {wanted}");
        }
    }

    private Task Wait()
    {
        var minutes = random.Next(1, 25);
        Note($"{minutes} minutes pass");
        office.Time.Advance(TimeSpan.FromMinutes(minutes));
        return Task.CompletedTask;
    }

    private async Task Sweep()
    {
        Note("the sweeper comes");
        var sweeper = new ExpireHoldsSchedule(
            office.Get<EventLocks>(), office.Get<IBookingRepository>(), office.Time);
        await sweeper.Run(default);
    }

    private Task Restart()
    {
        Note("the process ends and starts again");
        return office.Restart();
    }

    private async Task Change(int chosen, Func<Task<Result<Done>>> change, Func<ModelBooking, ProblemCode?> modelled)
    {
        if (await Crashing(change) is { } answer)
        {
            var code = modelled(model.Bookings[chosen]);
            Demand(answer.Problem?.Code == code, $"it was answered {Text(answer.Problem?.Code)}, not {Text(code)}");
        }
    }

    /// <summary>Null where the process ended in the middle of it: as if nobody had asked.</summary>
    private async Task<Result<T>?> Crashing<T>(Func<Task<Result<T>>> act)
    {
        if (random.Next(4) == 0)
        {
            crashes.Arm(random.Next(1, 7), after: random.Next(2) == 0);
        }

        try
        {
            return await act();
        }
        catch (CrashException)
        {
            steps[^1] += " … and the process ends before COMMIT";
            await office.Restart();
            return null;
        }
        finally
        {
            crashes.Disarm();
        }
    }

    private void Expect(
        Result<PlacedBooking> answer, int buyer, int[] places, string key, PlaceBooking request)
    {
        var wanted = model.Place(buyer, places, office.Time.Now(), out var code);
        Demand(
            answer.Problem?.Code == code,
            $"{buyer} with {Text(places)} should be answered {Text(code)}, was {Text(answer.Problem?.Code)}");
        if (wanted is not null)
        {
            Demand(answer.Value.Booking.Status == wanted.Status, $"it is {answer.Value.Booking.Status}");
            placed.Add((answer.Value.Booking.Id, key, request));
        }
    }

    private (int Buyer, int[] Places) Wish()
    {
        var places = new int[types.Length];
        for (var lines = random.Next(1, 3); lines > 0; lines--)
        {
            places[random.Next(places.Length)] = random.Next(1, PlacesMax + 1);
        }

        return (random.Next(BuyersMax), places);
    }

    private int? Pick() => placed.Count == 0 ? null : random.Next(placed.Count);

    private PlaceBooking Request(int[] places) => new(Items:
        [.. places.Index().Where(type => type.Item > 0).Select(type =>
            new PlaceBookingItem(types[type.Index].Id, type.Item))]);

    private void Note(string step) =>
        steps.Add(string.Create(CultureInfo.InvariantCulture, $"{steps.Count + 1,3} {office.Time.Now():T} {step}"));

    private static string Text(ProblemCode? code) => code?.Name ?? "yes";

    private static string Text(int[] places) => $"[{string.Join(' ', places)}]";

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

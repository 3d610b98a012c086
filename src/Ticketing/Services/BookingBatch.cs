using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Decides a batch of requests for one event in one transaction, first come first served.</summary>
internal sealed class BookingBatch(
    EventLocks locks, IBookingRepository bookings, GuestSecrets guests, TicketingOptions options)
{
    /// <summary>
    /// Answers every request after COMMIT; throws, with none answered, when nothing could be made durable.
    /// </summary>
    public async Task Decide(EventId of, IReadOnlyList<BookingRequest> requests)
    {
        // The batch belongs to many callers: no one's cancellation may undo the others'. Statement timeouts bound it.
        await using var locked = await locks.Take(of, CancellationToken.None);
        if (locked is null)
        {
            foreach (var request in requests)
            {
                request.Complete(Problem.NotFound("event"));
            }

            return;
        }

        var decisions = new Decisions(locked, guests, TimeSpan.FromMinutes(options.HoldMinutes));
        await decisions.Recall(requests);
        await decisions.LookUpBuyers(bookings, requests);
        foreach (var request in requests)
        {
            decisions.Decide(request);
        }

        if (decisions.Placed.Count > 0 || locked.Lapsed > 0)
        {
            await bookings.Insert(locked.Unit, decisions.Placed);
            await IdempotencyKeys.Keep(locked.Unit, decisions.ToKeep, locked.Now);
            await locked.Commit(decisions.Placed.Select(booking => guests.Tell(booking, locked)));
        }

        decisions.AnswerAll();
    }

    /// <summary>What was decided so far in one batch.</summary>
    private sealed class Decisions(LockedEvent locked, GuestSecrets guests, TimeSpan hold)
    {
        private readonly List<(BookingRequest Request, Result<PlacedBooking> Answer)> answers = [];
        private readonly Dictionary<(UserId User, string Key), KeptAnswer> kept = [];
        private Dictionary<(UserId Buyer, TicketTypeId Type), int> bought = [];

        public List<Booking> Placed { get; } = [];

        public List<(IdempotentRequest Request, string Answer)> ToKeep { get; } = [];

        /// <summary>Finds what earlier requests with the same keys were answered.</summary>
        public async Task Recall(IReadOnlyList<BookingRequest> requests)
        {
            var keyed = requests.Where(r => r.Idempotency is not null).Select(r => r.Idempotency!).ToList();
            if (keyed.Count == 0)
            {
                return;
            }

            foreach (var answer in await IdempotencyKeys.Find(locked.Unit, keyed, locked.Now))
            {
                kept[(new UserId(answer.UserId), answer.Key)] = answer;
            }
        }

        /// <summary>
        /// What buyers have of the types that limit it, bookings of this batch added as they are made.
        /// </summary>
        public async Task LookUpBuyers(IBookingRepository bookings, IReadOnlyList<BookingRequest> requests)
        {
            if (locked.Offer.Types.Any(type => type.Details.BuyerMax is not null))
            {
                bought = await bookings.Bought(
                    locked.Unit, locked.Event.Id, [.. requests.Select(request => request.Order.Buyer).Distinct()]);
            }
        }

        public void Decide(BookingRequest request) => answers.Add((request, Answer(request)));

        public void AnswerAll()
        {
            foreach (var (request, answer) in answers)
            {
                request.Complete(answer);
            }
        }

        private Result<PlacedBooking> Answer(BookingRequest request)
        {
            if (request.Idempotency is { } asked && kept.TryGetValue((asked.User, asked.Key), out var earlier))
            {
                return Replay(asked, earlier);
            }

            var order = request.Order;
            var placed = Booking.Place(
                locked.Event,
                locked.Offer,
                order,
                type => bought.GetValueOrDefault((order.Buyer, type.Id)),
                hold,
                locked.Signer,
                locked.Now);
            if (placed.Failed(out var problem))
            {
                return problem;
            }

            if (order.IsGuest)
            {
                placed.Value.SecretHash = GuestSecrets.Hash(guests.Of(placed.Value.Id));
            }

            var view = placed.Value.ToContract(locked.Offer);
            Placed.Add(placed.Value);
            foreach (var line in placed.Value.Lines)
            {
                var key = (order.Buyer, line.Type);
                bought[key] = bought.GetValueOrDefault(key) + line.Places;
            }

            if (request.Idempotency is { } idempotency)
            {
                var answer = JsonSerializer.Serialize(view, TicketingJson.Default.BookingView);
                ToKeep.Add((idempotency, answer));
                // The same key twice in one batch: the second is a replay of the first.
                kept[(idempotency.User, idempotency.Key)] = new KeptAnswer
                {
                    UserId = idempotency.User.Value,
                    Key = idempotency.Key,
                    RequestHash = idempotency.RequestHash,
                    Answer = answer,
                };
            }

            return new PlacedBooking(view, Replayed: false);
        }

        private static Result<PlacedBooking> Replay(IdempotentRequest asked, KeptAnswer earlier) =>
            earlier.RequestHash == asked.RequestHash
                ? new PlacedBooking(
                    JsonSerializer.Deserialize(earlier.Answer, TicketingJson.Default.BookingView)!, Replayed: true)
                : new Problem(
                    ProblemCodes.IdempotencyMismatch,
                    "The key was used within 24 hours for another order; use a new one.");
    }
}

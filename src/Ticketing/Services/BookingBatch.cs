using System.Text.Json;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Decides a batch of requests for one event in one transaction, first come first served.</summary>
internal sealed class BookingBatch(EventLocks locks, IBookingRepository bookings, TicketingOptions options)
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

        var decisions = new Decisions(locked, TimeSpan.FromMinutes(options.HoldMinutes));
        await decisions.Recall(requests);
        foreach (var request in requests)
        {
            decisions.Decide(request);
        }

        if (decisions.Placed.Count > 0 || locked.Lapsed > 0)
        {
            await bookings.Insert(locked.Unit, decisions.Placed);
            await IdempotencyKeys.Keep(locked.Unit, decisions.ToKeep, locked.Now);
            await locked.Commit(decisions.Placed.Select(booking => booking.ToPlaced(locked.Now)));
        }

        decisions.AnswerAll();
    }

    /// <summary>What was decided so far in one batch.</summary>
    private sealed class Decisions(LockedEvent locked, TimeSpan hold)
    {
        private readonly List<(BookingRequest Request, Result<PlacedBooking> Answer)> answers = [];
        private readonly Dictionary<(UserId User, string Key), KeptAnswer> kept = [];

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

            var placed = Booking.Place(
                locked.Event, locked.Pool, request.Buyer, request.Quantity, hold, locked.Now);
            if (placed.Failed(out var problem))
            {
                return problem;
            }

            var view = placed.Value.ToContract();
            Placed.Add(placed.Value);
            if (request.Idempotency is { } key)
            {
                var answer = JsonSerializer.Serialize(view, TicketingJson.Default.BookingView);
                ToKeep.Add((key, answer));
                // The same key twice in one batch: the second is a replay of the first.
                kept[(key.User, key.Key)] = new KeptAnswer
                {
                    UserId = key.User.Value,
                    Key = key.Key,
                    RequestHash = key.RequestHash,
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
                    "The key was used within 24 hours for another event or quantity; use a new one.");
    }
}

using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// Two thousand orders of one to four places, of types that share pools, race for five hundred, while bookings are
/// cancelled and holds lapse: never one place too many, and never one left that somebody was refused.
/// </summary>
[Collection(Alone.Name)]
public sealed class CrowdTests(Installations installations)
{
    private const int Orders = 2_000;
    private const int People = 100;
    private const int AtOnce = 400;
    private const int QuantityMax = 4;

    [InEveryTopology]
    public async Task Two_thousand_orders_race_for_five_hundred_places(Topology topology)
    {
        var installation = await installations.On(topology);
        await Race(installation, async () => [.. await installation.Buyers(People)]);
    }

    [Fact]
    public async Task Two_thousand_orders_race_in_two_processes_on_one_database()
    {
        var installation = await installations.On(DatabaseProvider.Postgres);
        using var second = await installation.StartAnother();
        await Race(
            installation,
            async () => [.. (await installation.Buyers(People)).Select((buyer, i) =>
                i % 2 == 0 ? buyer : buyer with { Http = second.Client })]);
    }

    private static async Task Race(Installation installation, Func<Task<Api[]>> people)
    {
        for (var repeat = 0; repeat < Repeats.Of(1); repeat++)
        {
            var crowd = await Crowd.At(installation, await people(), repeat);
            var refused = await crowd.Storm();
            await crowd.Settle(refused);
        }
    }

    /// <summary>One event and those who want to go there.</summary>
    private sealed class Crowd(Installation installation, Api[] people, string eventId, string[] types, int shift)
    {
        private int answered;

        public static async Task<Crowd> At(Installation installation, Api[] people, int shift)
        {
            var eventId = await installation.Organizer.Publish(500);
            async Task<Answer> Add(string json) =>
                (await installation.Organizer.Post($"/events/{eventId}/ticket-types", json)).Is(201);
            var stalls = await Add("""{"name":"Stalls","price":900,"capacity":220}""");
            var guest = await Add($$"""{"name":"Guest","pools":{{stalls.Json.GetProperty("pools")}}}""");
            var balcony = await Add("""{"name":"Balcony","price":300,"capacity":90}""");
            var standard = (await installation.Anyone.Get($"/events/{eventId}/ticket-types")).Is(200).Json
                .GetProperty("items").EnumerateArray().First().GetProperty("id").GetString()!;
            return new Crowd(
                installation, people, eventId, [standard, stalls.Id, guest.Id, balcony.Id], shift);
        }

        /// <summary>Everybody asks at once; answers the orders that were refused.</summary>
        public async Task<int[]> Storm()
        {
            var refused = new bool[Orders];
            await Parallel.ForAsync(
                0, Orders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (order, _) =>
                {
                    var booking = await Book(order);
                    refused[order] = booking is null;
                    if (booking is not null && order % 5 == 0)
                    {
                        // Twice at once: the places come back once.
                        var buyer = people[order % people.Length];
                        var path = $"/bookings/{booking}";
                        foreach (var cancel in await Task.WhenAll(buyer.Delete(path), buyer.Delete(path)))
                        {
                            cancel.Is(204);
                        }
                    }

                    if (Interlocked.Increment(ref answered) % 400 == 0)
                    {
                        await LetHoldsLapse();
                    }
                });
            return [.. refused.Index().Where(order => order.Item).Select(order => order.Index)];
        }

        /// <summary>Whoever was refused asks once more, when nothing comes back any more.</summary>
        public async Task Settle(int[] refused)
        {
            await LetHoldsLapse();
            var still = new bool[refused.Length];
            await Parallel.ForAsync(
                0, refused.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
                    still[i] = await Book(refused[i]) is null);

            // Its organizer is told what is, and anyone else what was up to a second ago.
            var left = (await installation.Organizer.Get($"/events/{eventId}/ticket-types")).Is(200).Json
                .GetProperty("items").EnumerateArray()
                .ToDictionary(type => type.GetProperty("id").GetString()!, type => type.GetProperty("left").GetInt32());
            Assert.All(refused.Zip(still).Where(order => order.Second), order =>
            {
                var (type, quantity) = Wish(order.First);
                Assert.InRange(left[type], 0, quantity - 1);
            });
            Assert.Empty(await installation.Ledger.Faults(eventId));
        }

        private (string Type, int Quantity) Wish(int order) =>
            (types[(order + shift) % types.Length], (order / types.Length + shift) % QuantityMax + 1);

        /// <summary>The booking's id; null where there are not so many places.</summary>
        private async Task<string?> Book(int order)
        {
            var (type, quantity) = Wish(order);
            var answer = await people[order % people.Length].Post(
                $"/events/{eventId}/bookings",
                $$"""{"items":[{"ticketTypeId":"{{type}}","quantity":{{quantity}}}]}""");
            if (answer.Status == 201)
            {
                return answer.Id;
            }

            Assert.InRange(answer.IsProblem(409, "sold_out").Number("available"), 0, quantity - 1);
            return null;
        }

        // As if 15 minutes had passed for about half of them.
        private Task LetHoldsLapse() => installation.Ledger.Execute(
            "ticketing",
            $"""
            UPDATE bookings
            SET expires_at = '2020-01-01T00:00:00.000000Z'
            WHERE event_id = '{eventId}' AND status = 'held' AND code < 'M'
            """);
    }
}

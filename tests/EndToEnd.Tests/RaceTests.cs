using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Many buyers, few places: never one too many, and never a place left over.</summary>
[Collection(Alone.Name)]
public sealed class RaceTests(Installations installations)
{
    private const int Places = 100;
    private const int Crowd = 200;

    [Flow]
    [Trait("ASVS", "2.3.4")]
    public async Task Two_hundred_buyers_race_for_a_hundred_places(Topology topology)
    {
        var installation = await installations.On(topology);
        for (var repeat = 0; repeat < Repeats.Of(2); repeat++)
        {
            await SellOutExactly(installation, await installation.Buyers(Crowd));
        }
    }

    [Fact]
    public async Task Two_processes_on_one_database_sell_no_place_twice()
    {
        var installation = await installations.On(DatabaseProvider.Postgres);
        using var second = await installation.StartAnother();
        for (var repeat = 0; repeat < Repeats.Of(2); repeat++)
        {
            Api[] buyers = [.. (await installation.Buyers(Crowd))
                .Select((buyer, i) => i % 2 == 0 ? buyer : buyer with { Http = second.Client })];
            await SellOutExactly(installation, buyers);
        }
    }

    [InEveryTopology]
    public async Task Buyers_of_several_places_neither_oversell_nor_leave_places_over(Topology topology)
    {
        var installation = await installations.On(topology);
        for (var repeat = 0; repeat < Repeats.Of(2); repeat++)
        {
            var buyers = await installation.Buyers(60);
            var eventId = await installation.Organizer.Publish(Places);
            var asked = buyers.Select((buyer, i) => (buyer, quantity: (i + repeat) % 5 + 1)).ToArray();
            var answers = await Task.WhenAll(asked.Select(a => a.buyer.Book(eventId, a.quantity)));

            var left = await installation.Organizer.Available(eventId);
            foreach (var (answer, (_, quantity)) in answers.Zip(asked).Where(a => a.First.Status != 201))
            {
                // Nothing was given back, so what was left then was no less than what is left now.
                answer.IsProblem(409, "sold_out");
                Assert.InRange(answer.Number("available"), left, quantity - 1);
            }

            var ones = await Task.WhenAll(buyers.Take(10).Select(buyer => buyer.Book(eventId)));
            Assert.Equal(left, ones.Count(answer => answer.Status == 201));
            Assert.Equal(Places, (await installation.Ledger.Agrees(eventId)).Sold);
        }
    }

    [InEveryTopology]
    public async Task Places_of_cancelled_bookings_are_sold_again(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyers = await installation.Buyers(40);
        var eventId = await installation.Organizer.Publish(20);
        var bookings = await Task.WhenAll(buyers.Take(20).Select(buyer => buyer.Book(eventId)));

        // The first ten cancel, each twice at once, while the others already try again and again.
        var cancels = buyers.Take(10).Zip(bookings).SelectMany(b => new[] { b, b })
            .Select(b => b.First.Delete($"/bookings/{b.Second.Is(201).Id}")).ToArray();
        var sold = await Task.WhenAll(buyers.Skip(20).Select(buyer => TryUntil(buyer, eventId, Task.WhenAll(cancels))));

        Assert.All(await Task.WhenAll(cancels), cancel => cancel.Is(204));
        Assert.Equal(10, sold.Count(got => got));
        Assert.Equal(20, (await installation.Ledger.Agrees(eventId)).Sold);
    }

    private static async Task<bool> TryUntil(Api buyer, string eventId, Task cancelled)
    {
        while (true)
        {
            // Looked at before: the last try must start after all places are back.
            var last = cancelled.IsCompleted;
            var answer = await buyer.Book(eventId);
            if (answer.Status == 201 || last)
            {
                return answer.Status == 201;
            }

            answer.IsProblem(409, "sold_out");
        }
    }

    private static async Task SellOutExactly(Installation installation, IReadOnlyList<Api> buyers)
    {
        var eventId = await installation.Organizer.Publish(Places);
        var answers = await Task.WhenAll(buyers.Select(buyer => buyer.Book(eventId)));

        Assert.Equal(Places, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer =>
            Assert.Equal(0, answer.IsProblem(409, "sold_out").Number("available")));
        Assert.Equal(0, await installation.Organizer.Available(eventId));
        Assert.Equal(Places, (await installation.Ledger.Agrees(eventId)).Sold);
    }
}

using Gatehouse.Foundation.Data;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The same key, the same answer, once.</summary>
public sealed class IdempotencyTests(Installations installations)
{
    [Flow]
    public async Task A_repeated_call_is_answered_like_the_first_byte_for_byte(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(2);
        var first = (await buyer.Book(eventId, 2, "order-1")).Is(201);
        // Even now that nothing is left.
        var again = (await buyer.Book(eventId, 2, "order-1")).Is(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(1, (await installation.Ledger.Agrees(eventId)).Bookings);
    }

    [InEveryTopology]
    public async Task A_key_with_another_request_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(10);
        var otherId = await installation.Organizer.Publish(10);
        (await buyer.Book(eventId, 2, "order-2")).Is(201);

        (await buyer.Book(eventId, 3, "order-2")).IsProblem(422, "idempotency_mismatch");
        (await buyer.Book(otherId, 2, "order-2")).IsProblem(422, "idempotency_mismatch");
        Assert.Equal(2, (await installation.Ledger.Agrees(eventId)).Sold);
        Assert.Equal(0, (await installation.Ledger.Agrees(otherId)).Sold);
    }

    [InEveryTopology]
    public async Task Two_buyers_with_one_key_do_not_meet(Topology topology)
    {
        var installation = await installations.On(topology);
        var eventId = await installation.Organizer.Publish(10);
        var buyers = new[] { await installation.Buyer(), await installation.Buyer() };
        var answers = await Task.WhenAll(buyers.Select((buyer, i) => buyer.Book(eventId, i + 1, "the-same-key")));

        Assert.All(answers, answer => Assert.Null(answer.Is(201).Header("Idempotency-Replayed")));
        Assert.NotEqual(answers[0].Id, answers[1].Id);
        Assert.Equal(3, (await installation.Ledger.Agrees(eventId)).Sold);
    }

    [Flow]
    public async Task Fifty_calls_at_once_with_one_key_make_one_booking(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(100);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => buyer.Book(eventId, 1, "double-click")));

        Assert.Single(answers.Select(answer => answer.Is(201).Text).Distinct());
        Assert.Single(answers, answer => answer.Header("Idempotency-Replayed") is null);
        Assert.Equal(1, (await installation.Ledger.Agrees(eventId)).Bookings);
    }

    [Fact]
    public async Task One_key_in_two_processes_and_for_two_events_at_once_makes_one_booking()
    {
        var installation = await installations.On(DatabaseProvider.Postgres);
        using var second = await installation.StartAnother();
        var buyer = await installation.Buyer();
        var elsewhere = buyer with { Http = second.Client };
        var (eventId, otherId) = (await installation.Organizer.Publish(100), await installation.Organizer.Publish(100));
        for (var round = 0; round < 10; round++)
        {
            var key = $"round-{round}";
            var calls = Enumerable.Range(0, 16).Select(i =>
                (i % 2 == 0 ? buyer : elsewhere).Book(i % 4 < 2 ? eventId : otherId, 1, key));
            var answers = await Task.WhenAll(calls);

            // One event wins; calls for the other hear that the key is taken.
            Assert.Single(answers.Where(answer => answer.Status == 201).Select(answer => answer.Text).Distinct());
            Assert.Equal(8, answers.Count(answer => answer.Status == 201));
            Assert.All(answers.Where(answer => answer.Status != 201), answer =>
                answer.IsProblem(422, "idempotency_mismatch"));
        }

        var (books, others) = (await installation.Ledger.Agrees(eventId), await installation.Ledger.Agrees(otherId));
        Assert.Equal(10, books.Bookings + others.Bookings);
    }

    [InEveryTopology]
    public async Task A_refusal_is_not_kept(Topology topology)
    {
        var installation = await installations.On(topology);
        var (buyer, other) = (await installation.Buyer(), await installation.Buyer());
        var eventId = await installation.Organizer.Publish(1);
        var taken = (await other.Book(eventId)).Is(201);
        (await buyer.Book(eventId, 1, "patience")).IsProblem(409, "sold_out");
        (await other.Delete($"/bookings/{taken.Id}")).Is(204);
        (await buyer.Book(eventId, 1, "patience")).Is(201);
    }

    [InEveryTopology]
    public async Task A_key_that_is_none_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(10);
        foreach (var key in new[] { "", " ", "with space", new string('k', 256) })
        {
            (await buyer.Book(eventId, 1, key)).IsProblem(400, "invalid_header");
        }

        (await buyer.Post($"/events/{eventId}/bookings", "{}", ("Idempotency-Key", "a"), ("Idempotency-Key", "b")))
            .IsProblem(400, "invalid_header");
        (await buyer.Book(eventId, 1, new string('k', 255))).Is(201);
        Assert.Equal(1, (await installation.Ledger.Agrees(eventId)).Bookings);
    }
}

using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class BookingTests
{
    [OnEveryDatabase]
    public async Task Free_booking_is_confirmed_with_a_ticket_a_place(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10);
        var buyer = BoxOffice.Person();

        var booking = (await office.Book(@event.Id, 3, buyer)).Value.Booking;

        Assert.Equal("confirmed", booking.Status);
        Assert.Null(booking.ExpiresAt);
        Assert.Equal(3, booking.Tickets.Select(t => t.Code).Distinct().Count());
        Assert.Equal(7, (await office.See(@event.Id)).Available);
        var read = (await office.Bookings.Get(buyer, booking.Id, default)).Value;
        Assert.Equal(booking.Tickets.Select(t => t.Id).Order(), read.Tickets.Select(t => t.Id).Order());
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.confirmed'"));
    }

    [OnEveryDatabase]
    public async Task Sold_out_event_refuses_the_next_buyer_and_says_what_is_left(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 3);
        await office.Book(@event.Id, 2);

        var refused = (await office.Book(@event.Id, 2)).Problem;

        Assert.Equal("sold_out", refused?.Code.Name);
        Assert.Equal(1, refused?.Facts["available"]);
        Assert.Null((await office.Book(@event.Id)).Problem);
    }

    [OnEveryDatabase]
    public async Task Racing_buyers_of_two_instances_fill_the_event_exactly(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = office.Second();
        var @event = await office.Publish(capacity: 100);

        var results = await Task.WhenAll(Enumerable.Range(0, 300)
            .Select(i => Task.Run(() => (i % 2 == 0 ? office : second).Book(@event.Id, 1 + (i % 3)))));
        // Whoever asked for one place found it unless none was left.
        while ((await office.Book(@event.Id)).Problem is null)
        {
        }

        Assert.Equal(0, (await office.See(@event.Id)).Available);
        Assert.Equal(100, await office.Count("tickets WHERE status = 'valid'"));
        Assert.All(results, r => Assert.True(r.Problem is null || r.Problem.Code.Name == "sold_out"));
        Assert.Equal(await office.Count("bookings"), await office.Count("outbox WHERE type = 'booking.confirmed'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "2.3.1")]
    public async Task Priced_booking_is_held_and_lapses_into_free_places_at_once(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 2, price: 1_500);
        var buyer = BoxOffice.Person();

        var held = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
        Assert.Equal(("held", 3_000L), (held.Status, held.Total));
        Assert.Empty(held.Tickets);
        Assert.Equal("sold_out", (await office.Book(@event.Id)).Problem?.Code.Name);

        office.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(2, (await office.See(@event.Id)).Available);
        Assert.Equal("expired", (await office.Bookings.Get(buyer, held.Id, default)).Value.Status);
        Assert.Equal("held", (await office.Book(@event.Id)).Value.Booking.Status);
        Assert.Equal(1, (await office.See(@event.Id)).Available);
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.expired'"));
    }

    [OnEveryDatabase]
    public async Task More_holds_than_one_transaction_takes_are_free_in_the_next_decision(DatabaseProvider provider)
    {
        const int holds = 1_100;
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: holds, price: 100);
        await Task.WhenAll(Enumerable.Range(0, holds).Select(_ => office.Book(@event.Id)));
        office.Time.Advance(TimeSpan.FromMinutes(15));

        var bookings = await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => office.Book(@event.Id, 100)));

        Assert.All(bookings, booking => Assert.Null(booking.Problem));
        Assert.Equal(0, (await office.See(@event.Id)).Available);
        Assert.Equal(holds, await office.Count("outbox WHERE type = 'booking.expired'"));
    }

    [OnEveryDatabase]
    public async Task Keys_taken_by_another_event_refuse_themselves_and_no_neighbour(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = office.Second();
        var hot = await office.Publish(capacity: 500);
        var quiet = await office.Publish(capacity: 500);
        var attacker = BoxOffice.Person();

        var attacks = Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Task.Run(() => second.Book(quiet.Id, 1, attacker, $"key-{i}")),
            Task.Run(() => office.Book(hot.Id, 1, attacker, $"key-{i}")),
        });
        var buyers = Enumerable.Range(0, 100).Select(_ => Task.Run(() => office.Book(hot.Id)));
        var attacked = await Task.WhenAll(attacks);
        var bought = await Task.WhenAll(buyers);

        Assert.All(bought, booking => Assert.Null(booking.Problem));
        Assert.Equal(40, attacked.Count(a => a.Problem is null));
        Assert.Equal(40, attacked.Count(a => a.Problem?.Code.Name == "idempotency_mismatch"));
    }

    [OnEveryDatabase]
    public async Task Cancelling_gives_places_back_once_however_often_it_is_asked(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 2);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 2, buyer)).Value.Booking;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => office.Bookings.Cancel(buyer, booking.Id, default)));

        Assert.Equal(2, (await office.See(@event.Id)).Available);
        Assert.Equal(2, await office.Count("tickets WHERE status = 'void'"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.cancelled'"));
        Assert.Null((await office.Book(@event.Id, 2)).Problem);
    }

    [OnEveryDatabase]
    public async Task Cancelling_a_lapsed_hold_gives_its_places_back_once(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5, price: 100);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
        office.Time.Advance(TimeSpan.FromMinutes(20));

        Assert.Null((await office.Bookings.Cancel(buyer, booking.Id, default)).Problem);

        Assert.Equal(5, (await office.See(@event.Id)).Available);
        Assert.Equal("expired", (await office.Bookings.Get(buyer, booking.Id, default)).Value.Status);
        await office.Book(@event.Id, 5);
        Assert.Equal(0, (await office.See(@event.Id)).Available);
    }

    [OnEveryDatabase]
    public async Task Same_key_is_answered_the_same_and_another_request_with_it_is_refused(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 50);
        var buyer = BoxOffice.Person();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => office.Book(@event.Id, 2, buyer, "key-1")));
        var other = await office.Book(@event.Id, 3, buyer, "key-1");
        var stranger = await office.Book(@event.Id, 2, BoxOffice.Person(), "key-1");

        Assert.Single(answers.Select(a => a.Value.Booking.Id).Distinct());
        Assert.Equal(19, answers.Count(a => a.Value.Replayed));
        Assert.Equal("idempotency_mismatch", other.Problem?.Code.Name);
        Assert.False(stranger.Value.Replayed);
        Assert.Equal(46, (await office.See(@event.Id)).Available);
    }

    [OnEveryDatabase]
    public async Task Key_used_for_two_events_at_once_books_one_of_them(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var first = await office.Publish(capacity: 5);
        var second = await office.Publish(capacity: 5);
        var buyer = BoxOffice.Person();

        var answers = await Task.WhenAll(
            office.Book(first.Id, 1, buyer, "twice"), office.Book(second.Id, 1, buyer, "twice"));

        Assert.Single(answers, a => a.Problem is null);
        Assert.Single(answers, a => a.Problem?.Code.Name == "idempotency_mismatch");
        Assert.Equal(1, await office.Count("bookings"));
    }

    [OnEveryDatabase]
    public async Task Key_is_forgotten_after_a_day(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5);
        var buyer = BoxOffice.Person();
        var first = (await office.Book(@event.Id, 1, buyer, "day")).Value;
        office.Time.Advance(TimeSpan.FromHours(25));

        var second = (await office.Book(@event.Id, 1, buyer, "day")).Value;

        Assert.False(second.Replayed);
        Assert.NotEqual(first.Booking.Id, second.Booking.Id);
    }

    [OnEveryDatabase]
    public async Task Full_lane_answers_busy_instead_of_waiting(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(
            provider, new TicketingOptions { LaneQueueMax = 4, LaneBatchMax = 1 });
        var @event = await office.Publish(capacity: 100);
        Task<Result<PlacedBooking>>[] all;

        // The event's row is the test's, so the lane's writer waits with one request and four wait behind it.
        await using (var unit = await office.Database.Begin(default))
        {
            await unit.Execute("UPDATE pools SET held = held WHERE event_id = @id", new { id = @event.Id });
            all = [.. Enumerable.Range(0, 60).Select(_ => office.Book(@event.Id))];

            var busy = all.Where(answer => answer.IsCompleted).ToArray();
            // Four where the writer had not taken its first one yet when the last was refused.
            Assert.InRange(all.Length - busy.Length, 4, 5);
            foreach (var answer in busy)
            {
                var problem = (await answer).Problem;
                Assert.Equal("busy", problem?.Code.Name);
                Assert.NotNull(problem?.RetryAfter);
            }
        }

        var booked = (await Task.WhenAll(all)).Count(answer => answer.Problem is null);
        Assert.InRange(booked, 4, 5);
        Assert.Equal(100 - booked, (await office.See(@event.Id)).Available);
    }

    [OnEveryDatabase]
    public async Task Unknown_draft_and_begun_events_are_not_sold(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var now = office.Time.Now();
        var draft = (await office.Events.Create(
            office.Organizer,
            new CreateEvent("A draft", StartAt: now.AddDays(1), EndAt: now.AddDays(2), Capacity: 5),
            default)).Value;
        var begun = await office.Publish(capacity: 5, startsIn: TimeSpan.FromMinutes(1));
        var buyer = BoxOffice.Person();
        var early = (await office.Book(begun.Id, 1, buyer)).Value.Booking;
        office.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("not_found", (await office.Book(Guid.NewGuid())).Problem?.Code.Name);
        Assert.Equal("not_found", (await office.Book(draft.Id)).Problem?.Code.Name);
        Assert.Equal("event_started", (await office.Book(begun.Id)).Problem?.Code.Name);
        Assert.Equal("event_started", (await office.Bookings.Cancel(buyer, early.Id, default)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Bookings_are_listed_newest_first_once_each_and_to_their_owner_only(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 50);
        var buyer = BoxOffice.Person();
        var placed = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            placed.Insert(0, (await office.Book(@event.Id, 1, buyer)).Value.Booking.Id);
            office.Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var after = Cursor.TryParse(cursor, out var place) ? place : null;
            var page = await office.Bookings.List(buyer, new PageRequest(2, null, after), default);
            Assert.All(page.Items, b => Assert.Single(b.Tickets));
            seen.AddRange(page.Items.Select(b => b.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(placed, seen);
        var numbered = await office.Bookings.List(buyer, new PageRequest(2, 2, null), default);
        Assert.Equal(5, numbered.Total);
        Assert.Equal(placed[2..4], numbered.Items.Select(b => b.Id));
        Assert.Empty((await office.Bookings.List(BoxOffice.Person(), new PageRequest(20, 1, null), default)).Items);
        Assert.Equal(
            "not_found", (await office.Bookings.Get(BoxOffice.Person(), placed[0], default)).Problem?.Code.Name);
        Assert.Equal(
            "not_found", (await office.Bookings.Cancel(BoxOffice.Person(), placed[0], default)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Database_refuses_to_oversell_whatever_a_statement_says(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5);

        await using var unit = await office.Database.Begin(default);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            unit.Execute("UPDATE pools SET sold = 6 WHERE event_id = @id", new { id = @event.Id }));

        Assert.Contains("check", refused.Message, StringComparison.OrdinalIgnoreCase);
    }
}

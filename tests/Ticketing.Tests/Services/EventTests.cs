using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class EventTests
{
    [OnEveryDatabase]
    public async Task Every_change_is_in_the_audit_log_with_what_differs(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(5);
        var booking = (await office.Book(created.Id)).Value.Booking;
        await office.Events.Update(office.Organizer, created.Id, new UpdateEvent { Name = "Renamed" }, null, default);
        await office.Events.Update(office.Organizer, created.Id, new UpdateEvent { Name = "" }, null, default);
        var buyer = BoxOffice.Person();
        var second = (await office.Book(created.Id, buyer: buyer)).Value.Booking;
        await office.Bookings.Cancel(buyer, second.Id, default);
        await office.Bookings.Cancel(buyer, second.Id, default);
        await office.Bookings.Cancel(buyer, booking.Id, default);

        await using var session = await office.Database.Read(default);
        var log = await session.Query<string>(
            """
            SELECT action || ' ' || object || ' ' || COALESCE(before, '-')
                || CASE WHEN before IS NULL OR after IS NULL THEN '' ELSE ' ' || after END
            FROM audit_log
            WHERE action <> 'ticket_key.made'
            ORDER BY number
            """);

        Assert.Equal(
            [
                $"event.created event/{created.Id} -",
                $$"""event.updated event/{{created.Id}} {"name":"A fine evening","version":1} """ +
                """{"name":"Renamed","version":2}""",
                $$"""booking.cancelled booking/{{second.Id}} {"event":"{{created.Id}}",""" +
                "\"status\":\"confirmed\",\"quantity\":1}",
            ],
            log);
    }

    [OnEveryDatabase]
    public async Task Patch_changes_what_is_given_and_clears_what_is_null(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 10);
        var described = (await Patch(office, created, new UpdateEvent { Venue = "Hall 1", Capacity = 20 })).Value;
        var cleared = (await Patch(office, created, new UpdateEvent { Venue = (string?)null })).Value;

        Assert.Equal(
            ("Hall 1", 20, 20, 2),
            (described.Venue, described.Capacity, described.Available, described.Version));
        Assert.Equal((null, 20, created.Name), (cleared.Venue, cleared.Capacity, cleared.Name));
    }

    [OnEveryDatabase]
    public async Task Stale_version_is_refused_and_of_two_at_once_one_wins(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 10);

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => office.Events.Update(
            office.Organizer, created.Id, new UpdateEvent { Name = $"Name {i}" }, created.Version, default)));

        Assert.Single(results, r => r.Problem is null);
        Assert.Equal(4, results.Count(r => r.Problem?.Code.Name == "precondition_failed"));
    }

    [OnEveryDatabase]
    public async Task Capacity_never_goes_below_what_is_taken(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 10);
        await office.Book(created.Id, 4);

        var refused = await Patch(office, created, new UpdateEvent { Capacity = 3 });
        var shrunk = await Patch(office, created, new UpdateEvent { Capacity = 4 });

        Assert.Equal(("capacity_below_sold", 4L), (refused.Problem?.Code.Name, refused.Problem?.Facts["taken"]));
        Assert.Equal(0, shrunk.Value.Available);
    }

    [OnEveryDatabase]
    public async Task Lapsed_holds_do_not_keep_the_capacity_up(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 10, price: 100);
        await office.Book(created.Id, 8);
        Assert.NotNull((await Patch(office, created, new UpdateEvent { Capacity = 5 })).Problem);
        office.Time.Advance(TimeSpan.FromMinutes(16));

        var shrunk = await Patch(office, created, new UpdateEvent { Capacity = 5 });

        Assert.Equal((5, 5), (shrunk.Value.Capacity, shrunk.Value.Available));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.expired'"));
    }

    [OnEveryDatabase]
    public async Task Capacity_changed_among_bookings_never_oversells(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 20);

        var bookings = Enumerable.Range(0, 60).Select(_ => Task.Run(() => office.Book(created.Id)));
        var changes = Enumerable.Range(0, 10).Select(i => Task.Run(() =>
            Patch(office, created, new UpdateEvent { Capacity = i % 2 == 0 ? 30 : 15 })));
        await Task.WhenAll(Task.WhenAll(bookings), Task.WhenAll(changes));

        var after = await office.See(created.Id);
        Assert.Equal(after.Capacity - after.Available, await office.Count("tickets WHERE status = 'valid'"));
        Assert.InRange(after.Available, 0, after.Capacity);
    }

    [OnEveryDatabase]
    public async Task Draft_is_hidden_from_all_but_its_organizer_and_admins(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var now = office.Time.Now();
        var draft = (await office.Events.Create(
            office.Organizer,
            new CreateEvent("A draft", StartAt: now.AddDays(1), EndAt: now.AddDays(2), Capacity: 5),
            default)).Value;

        foreach (var stranger in new[] { null, BoxOffice.Person(), BoxOffice.Person(Role.Organizer) })
        {
            Assert.Equal("not_found", (await office.Events.Get(stranger, draft.Slug, default)).Problem?.Code.Name);
        }

        Assert.Equal(draft.Id, (await office.Events.Get(office.Organizer, draft.Slug, default)).Value.Id);
        Assert.Equal(
            draft.Id, (await office.Events.Get(BoxOffice.Person(Role.Admin), draft.Id.ToString(), default)).Value.Id);
        Assert.Empty((await office.Events.List(EventFilter.None, new PageRequest(20, 1, null), default)).Items);
        Assert.Single((await office.Events.ListOwn(
            office.Organizer, EventFilter.None, new PageRequest(20, 1, null), default)).Items);
    }

    [OnEveryDatabase]
    public async Task Someone_elses_event_is_changed_like_an_unknown_one(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var created = await office.Publish(capacity: 5);
        var other = BoxOffice.Person(Role.Organizer);

        var theirs = await office.Events.Update(other, created.Id, new UpdateEvent { Name = "Mine" }, null, default);
        var unknown = await office.Events.Update(
            other, Guid.NewGuid(), new UpdateEvent { Name = "Mine" }, null, default);

        Assert.Equal(unknown.Problem?.Detail, theirs.Problem?.Detail);
        Assert.Equal(created.Name, (await office.See(created.Id)).Name);
    }

    [OnEveryDatabase]
    public async Task Event_with_bookings_is_not_deleted(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var admin = BoxOffice.Person(Role.Admin);
        var booked = await office.Publish(capacity: 5);
        var empty = await office.Publish(capacity: 5);
        await office.Book(booked.Id);

        Assert.Equal("event_has_bookings", (await office.Events.Delete(admin, booked.Id, default)).Problem?.Code.Name);
        Assert.Null((await office.Events.Delete(admin, empty.Id, default)).Problem);
        Assert.Equal("not_found", (await office.Events.Get(null, empty.Slug, default)).Problem?.Code.Name);
        Assert.Equal("not_found", (await office.Book(empty.Id)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Names_that_are_taken_get_slugs_of_their_own(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);

        var slugs = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(async _ => (await office.Publish(capacity: 1)).Slug));

        Assert.Equal(6, slugs.Distinct().Count());
        Assert.Contains("a-fine-evening", slugs);
        Assert.All(slugs, s => Assert.StartsWith("a-fine-evening", s));
    }

    [OnEveryDatabase]
    public async Task List_by_start_gives_every_event_once_by_page_and_by_cursor(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var made = new List<Guid>();
        foreach (var days in new[] { 5, 1, 3, 3, 9 })
        {
            made.Add((await office.Publish(capacity: 5, startsIn: TimeSpan.FromDays(days))).Id);
        }

        var byPage = new List<EventView>();
        for (var number = 1; number <= 3; number++)
        {
            var page = new PageRequest(2, number, null);
            byPage.AddRange((await office.Events.List(EventFilter.None, page, default)).Items);
        }

        var byCursor = new List<Guid>();
        Cursor? after = null;
        do
        {
            var page = await office.Events.List(EventFilter.None, new PageRequest(2, null, after), default);
            byCursor.AddRange(page.Items.Select(e => e.Id));
            after = Cursor.TryParse(page.NextCursor, out var place) ? place : null;
        }
        while (after is not null);

        Assert.Equal(made.Order(), byCursor.Order());
        Assert.Equal(byCursor, byPage.Select(e => e.Id));
        Assert.Equal(byPage.Select(e => e.StartAt).Order(), byPage.Select(e => e.StartAt));
        office.Time.Advance(TimeSpan.FromDays(4));
        Assert.Equal(2, (await office.Events.List(EventFilter.None, new PageRequest(20, 1, null), default)).Total);
    }

    private static Task<Result<EventView>> Patch(BoxOffice office, EventView of, UpdateEvent patch) =>
        office.Events.Update(office.Organizer, of.Id, patch, null, default);
}

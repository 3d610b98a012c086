using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class CheckInTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Of_a_hundred_scans_of_one_ticket_one_admits_and_the_others_hear_when_and_where(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = provider == DatabaseProvider.Postgres ? office.Second() : office;
        var @event = await office.Publish(capacity: 3);
        var code = (await office.Book(@event.Id)).Value.Booking.Tickets[0].Code;
        var doors = new[] { office.Get<ICheckIns>(), second.Get<ICheckIns>() };

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => Task.Run(() => doors[n % 2].Scan(
            Door, @event.Id, new ScanTicket(code, Gate: $"Gate {n}", ScanId: $"scan-{n}"), cancellation))));

        var views = answers.Select(answer => answer.Value).ToList();
        var admitted = Assert.Single(views, view => view.Result == "admitted");
        Assert.Equal(99, views.Count(view => view.Result == "already_admitted"));
        Assert.All(views, view => Assert.Equal(
            (admitted.CheckInId, admitted.At, admitted.Gate), (view.CheckInId, view.At, view.Gate)));
        Assert.StartsWith("Gate ", admitted.Gate, StringComparison.Ordinal);
        Assert.Equal(1, await office.Count("check_ins"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'ticket.checked_in'"));
    }

    [OnEveryDatabase]
    public async Task A_ticket_is_let_in_or_given_back_and_never_both(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        for (var round = 0; round < 20; round++)
        {
            var buyer = BoxOffice.Person();
            var booking = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
            var ticket = booking.Tickets[0];
            var scan = Task.Run(() => Scan(office, @event.Id, ticket.Code));
            var cancel = Task.Run(() => round % 2 == 0
                ? office.Bookings.Cancel(buyer, booking.Id, cancellation)
                : office.Bookings.CancelTicket(buyer, booking.Id, ticket.Id, cancellation));

            var (isIn, refusal) = ((await scan).Result == "admitted", (await cancel).Problem);

            Assert.Equal(isIn ? "ticket_checked_in" : null, refusal?.Code.Name);
            Assert.Equal(isIn ? "already_admitted" : "void", (await Scan(office, @event.Id, ticket.Code)).Result);
        }

        Assert.Equal(0, await office.Count(
            "check_ins c JOIN tickets t ON t.event_id = c.event_id AND t.id = c.ticket_id WHERE t.status = 'void'"));
    }

    [OnEveryDatabase]
    public async Task The_same_scan_is_answered_alike_also_at_once_and_after_an_undo(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 3);
        var tickets = (await office.Book(@event.Id, 2)).Value.Booking.Tickets;
        var scan = new ScanTicket(tickets[0].Code, Gate: "North", ScanId: "a1");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Scan(office, @event.Id, scan))));

        Assert.All(answers, answer => Assert.Equal("admitted", answer.Result));
        Assert.Single(answers, answer => answer.Replayed is null);
        var undo = await office.Get<ICheckIns>().Undo(
            Door, @event.Id, answers[0].CheckInId!.Value, new UndoCheckIn("wrong \"person\""), cancellation);
        Assert.Null(undo.Problem);
        Assert.Equal(("admitted", true), ((await Scan(office, @event.Id, scan)) is var again
            ? (again.Result, again.Replayed) : default));
        Assert.Equal(0, await office.Count("check_ins WHERE undone_at IS NULL"));

        var other = await office.Get<ICheckIns>().Scan(
            Door, @event.Id, new ScanTicket(tickets[1].Code, ScanId: "a1"), cancellation);
        Assert.Equal("idempotency_mismatch", other.Problem?.Code.Name);
        Assert.Equal("admitted", (await Scan(office, @event.Id, scan with { ScanId = "a2" })).Result);
    }

    [OnEveryDatabase]
    public async Task An_admission_taken_back_admits_again_and_is_on_record(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 3);
        var ticket = (await office.Book(@event.Id)).Value.Booking.Tickets[0];
        var first = await Scan(office, @event.Id, ticket.Code);
        var door = office.Get<ICheckIns>();

        Assert.Equal("validation_failed", (await door.Undo(
            Door, @event.Id, first.CheckInId!.Value, new UndoCheckIn(" "), cancellation)).Problem?.Code.Name);
        for (var again = 0; again < 2; again++)
        {
            Assert.Null((await door.Undo(
                Door, @event.Id, first.CheckInId!.Value, new UndoCheckIn("typo"), cancellation)).Problem);
        }

        Assert.Equal("not_found", (await door.Undo(
            Door, @event.Id, Guid.NewGuid(), new UndoCheckIn("typo"), cancellation)).Problem?.Code.Name);
        Assert.Equal(1, await office.Count("audit_log WHERE action = 'check_in.undone'"));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'ticket.check_in_undone'"));
        Assert.Equal("admitted", (await Scan(office, @event.Id, ticket.Code)).Result);
        Assert.Equal("already_admitted", (await Scan(office, @event.Id, new ScanTicket(TicketId: ticket.Id))).Result);
    }

    [OnEveryDatabase]
    public async Task A_door_token_opens_one_door_until_it_expires_or_is_deleted(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var (here, there) = (await office.Publish(capacity: 3), await office.Publish(capacity: 3));
        var (tokens, door) = (office.Get<IDoorTokens>(), office.Get<ICheckIns>());
        var code = (await office.Book(here.Id)).Value.Booking.Tickets[0].Code;
        var until = office.Time.GetUtcNow().AddHours(1);
        var token = (await tokens.Create(
            office.Organizer, here.Id, new CreateDoorToken("North", until), cancellation)).Value;
        var pass = new DoorPass(null, token.Token);

        Assert.Equal("admitted", (await door.Scan(pass, here.Id, new ScanTicket(code), cancellation)).Value.Result);
        Assert.Equal(1, (await door.Count(pass, here.Id, cancellation)).Value.Admitted);
        Assert.Equal("not_found", await Refusal(pass, there.Id));
        Assert.Equal("invalid_door_token", await Refusal(new DoorPass(null, token.Token + "x"), here.Id));
        Assert.Equal(
            "invalid_door_token", await Refusal(new DoorPass(office.Organizer, new string('x', 9000)), here.Id));
        Assert.Equal("unauthenticated", await Refusal(new DoorPass(null, null), here.Id));
        Assert.Equal("forbidden", await Refusal(new DoorPass(BoxOffice.Person(), null), here.Id));
        Assert.Equal("not_found", await Refusal(new DoorPass(BoxOffice.Person(Role.Organizer), null), here.Id));
        Assert.Equal(0, await office.Count($"door_tokens WHERE hash = '{token.Token}'"));

        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("invalid_door_token", await Refusal(pass, here.Id));
        var next = (await tokens.Create(office.Organizer, here.Id, new CreateDoorToken("South"), cancellation)).Value;
        Assert.Equal(here.EndAt.AddDays(1), next.ExpiresAt);
        Assert.Equal(
            ["South", "North"],
            (await tokens.List(office.Organizer, here.Id, cancellation)).Value.Items.Select(item => item.Name));
        Assert.Null((await tokens.Delete(office.Organizer, here.Id, next.Id, cancellation)).Problem);
        Assert.Equal("invalid_door_token", await Refusal(new DoorPass(null, next.Token), here.Id));

        async Task<string?> Refusal(DoorPass with, Guid of) =>
            (await door.Guests(with, of, null, new PageRequest(5, null, null), cancellation)).Problem?.Code.Name;
    }

    [OnEveryDatabase]
    public async Task What_is_no_ticket_of_this_event_is_told_apart(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        await using var stranger = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var (here, there) = (await office.Publish(capacity: 3), await office.Publish(capacity: 3));
        var code = (await office.Book(here.Id)).Value.Booking.Tickets[0].Code;
        var elsewhere = (await office.Book(there.Id)).Value.Booking.Tickets[0].Code;
        var foreign = (await stranger.Book((await stranger.Publish(1)).Id)).Value.Booking.Tickets[0].Code;
        // Of a release before: random, and in the table only.
        const string plain = "0123456789ABCDEFGHJKMNPQRS";
        await using (var unit = await office.Database.Begin(cancellation))
        {
            await unit.Execute("UPDATE tickets SET code = @plain WHERE code = @elsewhere", new { plain, elsewhere });
            await unit.Commit();
        }

        Assert.Equal("wrong_event", (await Scan(office, here.Id, elsewhere)).Result);
        Assert.Equal("unknown", (await Scan(office, here.Id, plain)).Result);
        Assert.Equal("admitted", (await Scan(office, there.Id, plain.ToLowerInvariant())).Result);
        foreach (var garbage in new[]
        {
            foreign, code[..^1], code[..26], code + "A", "票🎫", "GHA\0" + code[4..], new string('A', 10_000), "a",
            "-1' OR 1=1",
            string.Concat(code.AsSpan(0, 100), code[100] == 'A' ? "B" : "A", code.AsSpan(101)),
        })
        {
            Assert.Equal(new CheckInView("unknown"), await Scan(office, here.Id, garbage));
        }

        var spaced = string.Join(' ', code.ToLowerInvariant().Chunk(8).Select(part => new string(part)));
        var admitted = await Scan(office, here.Id, $" {spaced}\r\n");
        Assert.Equal(("admitted", "Standard"), (admitted.Result, admitted.Ticket!.TicketType));
        Assert.EndsWith("-1", admitted.Ticket.ShortCode, StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task Guests_are_found_by_name_address_and_code_page_by_page(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 50);
        var zoe = (await office.Book(@event.Id, 3)).Value.Booking;
        await office.Book(@event.Id, 20);
        await Name(office, @event.Id, zoe.Id, "Zoë Müller-Lüdenscheidt", "zoe.mueller@example.org");
        await Scan(office, @event.Id, zoe.Tickets[1].Code);

        foreach (var found in new[]
        {
            "zoe", "MULL", "müller z", "luden", "ZOE.mueller@ex", zoe.Code, zoe.Code.ToLowerInvariant(), "mueller",
        })
        {
            var guests = (await Guests(office, @event.Id, found, 10)).Items;
            Assert.True(guests.Count == 3, $"{found}: {guests.Count}");
            Assert.Equal([false, true, false], guests.Select(guest => guest.Admission is not null));
            Assert.Equal(zoe.Tickets.Select(ticket => ticket.Id), guests.Select(guest => guest.TicketId));
        }

        Assert.Equal(
            $"{zoe.Code}-2", Assert.Single((await Guests(office, @event.Id, $"{zoe.Code}-2", 10)).Items).ShortCode);
        Assert.Empty((await Guests(office, @event.Id, "müller karl", 10)).Items);
        Assert.Empty((await Guests(office, @event.Id, "%oe", 10)).Items);

        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var after = Cursor.TryParse(cursor, out var read) ? read : null;
            var page = (await office.Get<ICheckIns>().Guests(
                Door, @event.Id, null, new PageRequest(5, null, after), cancellation)).Value;
            seen.AddRange(page.Items.Select(guest => guest.TicketId));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal((23, 23), (seen.Count, seen.Distinct().Count()));
        Assert.Equal(
            (23L, 1L),
            (await office.Get<ICheckIns>().Count(Door, @event.Id, cancellation)).Value is var counts
                ? (counts.Valid, counts.Admitted) : default);
    }

    [Fact]
    public async Task The_door_does_not_wait_for_a_sale()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Postgres);
        var @event = await office.Publish(capacity: 3);
        var code = (await office.Book(@event.Id)).Value.Booking.Tickets[0].Code;

        await using var sale = await office.Get<EventLocks>().Take(new EventId(@event.Id), cancellation);

        Assert.Equal(
            "admitted", (await Scan(office, @event.Id, code).WaitAsync(TimeSpan.FromSeconds(5), cancellation)).Result);
    }

    [OnEveryDatabase]
    public async Task Of_two_instances_that_make_the_first_key_one_does_and_old_codes_survive_a_rotation(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = office.Second();
        var keys = new[] { office.Get<ITicketKeys>(), second.Get<ITicketKeys>() };
        await Task.WhenAll(keys.Select(key => Task.Run(() => key.Published(cancellation).AsTask())));
        Assert.Single((await keys[0].Published(cancellation)).Keys);
        var @event = await office.Publish(capacity: 3);
        var old = (await office.Book(@event.Id)).Value.Booking.Tickets[0].Code;

        var next = (await keys[1].Rotate(cancellation)).Value;
        var fresh = (await second.Book(@event.Id)).Value.Booking.Tickets[0].Code;

        Assert.Equal(2, (await keys[1].Published(cancellation)).Keys.Count);
        Assert.Equal(next.Kid, (await keys[1].List(cancellation))[0].Kid);
        // The first instance meets the new key by a code that names it.
        Assert.Equal("admitted", (await Scan(office, @event.Id, fresh)).Result);
        Assert.Equal("admitted", (await Scan(second, @event.Id, old)).Result);
    }

    private static DoorPass Door { get; } = new(BoxOffice.Person(Role.Admin), null);

    // As a booking that said so.
    private async Task Name(BoxOffice office, Guid of, Guid booking, string name, string email)
    {
        await using var unit = await office.Database.Begin(cancellation);
        await unit.Execute(
            "UPDATE bookings SET name = @name, email = @email WHERE id = @booking", new { name, email, booking });
        foreach (var word in GuestSearch.WordsOf(name, email))
        {
            await unit.Execute(
                "INSERT INTO guest_words (event_id, word, booking_id) VALUES (@of, @word, @booking)",
                new { of, word, booking });
        }

        await unit.Commit();
    }

    private Task<CheckInView> Scan(BoxOffice office, Guid of, string code) =>
        Scan(office, of, new ScanTicket(code));

    private async Task<CheckInView> Scan(BoxOffice office, Guid of, ScanTicket scan) =>
        (await office.Get<ICheckIns>().Scan(Door, of, scan, cancellation)).Value;

    private async Task<Page<GuestView>> Guests(BoxOffice office, Guid of, string search, int limit) =>
        (await office.Get<ICheckIns>().Guests(
            Door, of, search, new PageRequest(limit, null, null), cancellation)).Value;
}

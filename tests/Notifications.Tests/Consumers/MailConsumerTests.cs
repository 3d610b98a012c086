using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Consumers;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Consumers;

/// <summary>Which mails come of which facts, in whatever order they are told.</summary>
public sealed class MailConsumerTests
{
    private readonly Guid id = Guid.NewGuid();
    private readonly Guid user = Guid.NewGuid();

    [OnEveryDatabase]
    public async Task A_buyer_gets_every_ticket_and_the_event_for_their_calendar_once(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id, name: "Größe; Maß, Ton"));
        var fact = Facts.Confirmed(Guid.NewGuid(), id, user, tickets: ["CODE1", "CODE2", "CODE3"]);
        await room.Tell(fact);
        await room.Tell(fact);
        await room.Until("sent", 2);

        var mail = Assert.Single(room.Files, file => file["Subject"] == "Your tickets for Größe; Maß, Ton");
        var text = mail.Part("text/plain").Body;
        Assert.All([$"{fact.Code}-1", $"{fact.Code}-2", $"{fact.Code}-3", "Old Hall", "Europe/Berlin"], said =>
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
            Assert.Contains(said, mail.Part("text/html").Body, StringComparison.Ordinal);
        });
        var calendar = mail.Part("text/calendar");
        Assert.Contains("method=PUBLISH", calendar["Content-Type"], StringComparison.Ordinal);
        Assert.Contains($"UID:{id}@gatehouse", calendar.Body.Replace("\r\n ", ""), StringComparison.Ordinal);
        Assert.Contains(@"SUMMARY:Größe\; Maß\, Ton", calendar.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("CODE1", calendar.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("CODE1", text, StringComparison.Ordinal);
        Assert.StartsWith("%PDF-", mail.Part("application/pdf").Body, StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task A_guest_gets_a_link_that_opens_the_booking_and_hears_what_becomes_of_it(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Work();
        await room.Tell(Facts.Event(id));
        var (booking, guest) = (Guid.NewGuid(), Guests.Of(EmailAddress.ParseOrNull("guest@example.org")!).Value);
        var fact = Facts.Confirmed(booking, id, guest, minute: 1);
        fact = fact with
        {
            Email = "guest@example.org",
            Name = "Gus Guest",
            SealedSecret = MailRoom.Secrets.Seal(BookingConfirmedEvent.Purpose(fact.Id), "the-secret"u8),
        };
        await room.Tell(fact);
        await room.Tell(new PaymentChangedEvent(
            Guid.NewGuid(), Facts.Noon, Guid.NewGuid(), booking, id, guest, "refunded", "manual", 1_250, "EUR",
            fact.Code, "guest@example.org", "Gus Guest"));
        await room.Tell(Facts.Event(id, version: 20, venue: "Town Hall"));
        await room.Until("sent", 3);

        Assert.All(room.Files, mail => Assert.Contains("guest@example.org", mail["To"], StringComparison.Ordinal));
        var tickets = Mail("Your tickets");
        var link = $"http://localhost:8080/booking/{booking}#the-secret";
        Assert.Contains($"\r\n{link}\r\n", tickets.Part("text/plain").Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"{link}\"", tickets.Part("text/html").Body, StringComparison.Ordinal);
        Assert.Equal(0, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE model LIKE '%the-secret%'"));
        Assert.Contains("12.50 EUR", Mail("Your refund").Part("text/plain").Body, StringComparison.Ordinal);

        MimeMessage Mail(string about) => Assert.Single(
            room.Files, mail => mail["Subject"].StartsWith(about, StringComparison.Ordinal));
    }

    [OnEveryDatabase]
    public async Task Tickets_go_where_the_buyer_said_and_the_rest_to_the_account(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, user, minute: 1) with { Email = "friend@example.org" });
        await room.Tell(Facts.Event(id, version: 2, venue: "Town Hall"));
        await room.Until("sent", 3);

        Assert.Equal(
            ["ann@example.org", "ann@example.org", "friend@example.org"],
            (await Addresses()).Order(StringComparer.Ordinal));

        async Task<IEnumerable<string>> Addresses() =>
            (await room.Ask<string>(provider == DatabaseProvider.Sqlite
                ? "SELECT group_concat(address) FROM mails"
                : "SELECT string_agg(address, ',') FROM mails"))!.Split(',');
    }

    [OnEveryDatabase]
    public async Task A_booking_of_somebody_not_heard_of_yet_waits_for_them(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id));
        var fact = Facts.Confirmed(Guid.NewGuid(), id, user);
        await Assert.ThrowsAsync<NotYetKnownException>(() => room.Tell(fact));
        Assert.Equal(0, await room.Ask<long>("SELECT COUNT(*) FROM mails"));
        await room.Tell(Facts.Registered(user));
        await room.Tell(fact);

        Assert.Equal(1, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE template = 'booking-confirmed'"));
    }

    [Fact]
    public async Task A_link_works_in_the_mail_and_nowhere_before()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        var fact = Facts.ResetRequested(user, "to/ken+1");
        Assert.DoesNotContain("to/ken", fact.ToJson(), StringComparison.Ordinal);
        await room.Tell(fact);
        Assert.Equal(0, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE model LIKE '%to/ken%'"));
        Assert.Equal(0, await room.Ask<long>("SELECT COUNT(*) FROM jobs WHERE payload LIKE '%to/ken%'"));
        await room.Work();
        await room.Until("sent");

        const string link = "http://localhost:8080/reset-password?token=to%2Fken%2B1";
        var mail = Assert.Single(room.Files);
        Assert.Contains(
            $"Choose a new password:\r\n{link}\r\n", mail.Part("text/plain").Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"{link}\"", mail.Part("text/html").Body, StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task Everyone_who_has_booked_hears_once_that_the_event_moved(DatabaseProvider provider)
    {
        const int bookers = 450;
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id, version: 1));
        var users = Enumerable.Range(0, bookers).Select(_ => Guid.NewGuid()).ToList();
        await room.InTransaction(async unit =>
        {
            foreach (var (index, booker) in users.Index())
            {
                await room.Know(unit, booker, $"buyer{index}@example.org", id, Facts.Noon);
            }

            // One has two bookings; one came after the change; one has cancelled.
            await room.Know(unit, users[0], "buyer0@example.org", id, Facts.Noon);
            await room.Know(unit, Guid.NewGuid(), "late@example.org", id, Facts.Noon.AddHours(1));
            await room.Know(unit, Guid.NewGuid(), "gone@example.org", id, Facts.Noon, "cancelled");
            return true;
        });
        await room.Tell(Facts.Event(id, version: 2, name: "Only the name"));
        var moved = Facts.Event(id, version: 3, venue: "New Hall");
        await room.Tell(moved);
        await room.Tell(moved);
        await room.Tell(Facts.Event(id, version: 2));
        await room.Work();
        await Poll.Until(
            async () => await room.Ask<long>(
                "SELECT COUNT(*) FROM jobs WHERE kind = 'mail.event-news' AND state = 'done'") == 1,
            TimeSpan.FromSeconds(20),
            "the mails to be made");

        Assert.Equal(bookers, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE template = 'event-changed'"));
        Assert.Equal(bookers, await room.Ask<long>("SELECT COUNT(DISTINCT address) FROM mails"));
        Assert.Equal(0, await room.Ask<long>(
            "SELECT COUNT(*) FROM mails WHERE address LIKE 'late%' OR address LIKE 'gone%'"));
    }

    [Fact]
    public async Task A_cancelled_event_is_told_once_a_booking_and_leaves_the_calendar()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id, version: 1));
        var booking = Guid.NewGuid();
        await room.Tell(Facts.Confirmed(booking, id, user));
        var released = Facts.Released(booking, id, user, reason: BookingReleasedEvent.EventCancelled);
        await Assert.ThrowsAsync<NotYetKnownException>(() => room.Tell(released));
        await room.Tell(Facts.Event(id, version: 20, status: "cancelled"));
        await room.Tell(released);
        await room.Tell(released);
        await room.Until("sent", 3);

        var mail = Assert.Single(room.Files, file => file["Subject"] == "Cancelled: Chamber music");
        Assert.Contains("METHOD:CANCEL", mail.Part("text/calendar").Body, StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:20", mail.Part("text/calendar").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_event_leaves_the_calendar_with_the_last_booking_of_it()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id));
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await room.Tell(Facts.Confirmed(first, id, user));
        await room.Tell(Facts.Confirmed(second, id, user));
        await room.Tell(Facts.Released(first, id, user));
        await room.Tell(Facts.Released(second, id, user));
        await room.Until("sent", 5);

        var cancelled = room.Files.Where(f => f["Subject"].EndsWith("is cancelled", StringComparison.Ordinal)).ToList();
        Assert.Equal([true, false], cancelled.Select(mail => mail.Has("text/calendar")).OrderDescending());
    }

    [OnEveryDatabase]
    public async Task What_comes_together_has_the_effect_of_what_comes_one_by_one(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        var (booking, other) = (Guid.NewGuid(), Guid.NewGuid());
        var confirmed = Facts.Confirmed(booking, id, user);
        await room.Tell(
            Facts.Released(booking, id, user), Facts.Confirmed(other, Guid.Empty, user), Facts.Event(Guid.Empty),
            Facts.Registered(user), Facts.Event(id, version: 2), confirmed, confirmed, Facts.Event(id, version: 1));

        Assert.Equal("cancelled", await room.Ask<string>(
            "SELECT status FROM known_bookings WHERE booking_id = @booking", new { booking }));
        Assert.Equal("confirmed", await room.Ask<string>(
            "SELECT status FROM known_bookings WHERE booking_id = @other", new { other }));
        Assert.Equal(4, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE state = 'queued'"));
        Assert.Equal(4, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));
    }

    [Fact]
    public async Task Whatever_happens_to_an_account_is_told_where_it_was_known()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        await room.Work();
        var notices = Enum.GetValues<SecurityNotice>();
        await room.Tell([.. notices.Select(notice => new SecurityNoticeEvent(
            Guid.NewGuid(), Facts.Noon, user, "old@example.org", "Ann", null, notice, null, "192.0.2.7"))]);
        await room.Until("sent", notices.Length);

        Assert.Equal(notices.Length, room.Files.Select(mail => mail["Subject"]).Distinct().Count());
        Assert.All(room.Files, mail =>
        {
            Assert.Contains("192.0.2.7", mail.Part("text/plain").Body, StringComparison.Ordinal);
            Assert.DoesNotContain("Device", mail.Part("text/plain").Body, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_owner_of_a_webhook_that_was_switched_off_is_told()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(new WebhookDisabledEvent(
            Guid.NewGuid(), Facts.Noon, Guid.NewGuid(), user, "https://example.org/hook", "gone", Facts.Noon));
        await room.Until("sent", 2);

        Assert.Contains(room.Files, mail => mail["Subject"] == "Your webhook was switched off"
            && mail.Part("text/plain").Body.Contains("https://example.org/hook", StringComparison.Ordinal));
    }
}

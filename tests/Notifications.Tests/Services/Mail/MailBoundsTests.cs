using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Services.Mail;

/// <summary>How many mails an address gets, which wait for which, and how long what they say is kept.</summary>
public sealed class MailBoundsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Guid id = Guid.NewGuid();
    private readonly Guid user = Guid.NewGuid();

    [OnEveryDatabase]
    public async Task An_address_gets_so_many_mails_an_hour_and_those_of_its_account_always(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider, new MailOptions { AddressHourMax = 3 });
        await room.Tell(Facts.Event(id));
        await room.Tell(Facts.Registered(user));
        // The welcome is the first of the three; of those that come together as many count as of those one by one.
        await room.Tell(Booked(), Booked(), Booked());
        await room.Tell(Booked());
        await room.Tell([.. Enumerable.Range(0, 5).Select(_ => Facts.ResetRequested(user, "t"))]);

        Assert.Equal((3, 2, 5), await Counts(room));
        var listed = (await room.Get<IMails>().List(new PageRequest(10, 1, null), "suppressed", None)).Value.Items;
        Assert.Equal(["booking-confirmed", "booking-confirmed"], listed.Select(mail => mail.Template));
        Assert.Contains("within an hour", listed[0].Error, StringComparison.Ordinal);
        Assert.Equal(8, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));

        room.Time.Advance(TimeSpan.FromHours(1));
        await room.Tell(Booked());
        Assert.Equal((4, 2, 5), await Counts(room));
        // Who was spared by mistake gets it all the same.
        await room.Get<IMails>().Resend(listed[0].Id, None);
        Assert.Equal((5, 1, 5), await Counts(room));
    }

    [OnEveryDatabase]
    public async Task Nobody_waits_for_a_new_password_behind_mails_to_everyone(DatabaseProvider provider)
    {
        await using var sink = SmtpSink.Start();
        sink.Script = said => said.Contains("buyer", StringComparison.Ordinal) ? SinkAct.Hang : null;
        await using var room = await MailRoom.Open(provider, new MailOptions
        {
            SmtpHost = "127.0.0.1",
            SmtpPort = sink.Port,
            StartTls = false,
            AtOnce = 1,
            BulkAtOnce = 1,
        });
        await room.Tell(Facts.Event(id, version: 1));
        await room.InTransaction(async unit =>
        {
            for (var i = 0; i < 20; i++)
            {
                await room.Know(unit, Guid.NewGuid(), $"buyer{i}@example.org", id, Facts.Noon);
            }

            return true;
        });
        await room.Tell(Facts.Event(id, version: 2, venue: "New Hall"));
        await room.Work();
        await Poll.Until(
            () => sink.Commands.Any(said => said.Contains("buyer", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20),
            "the first of many to hang");

        await room.Tell(Facts.ResetRequested(user, "token"));
        await room.Until("sent");

        Assert.Equal(["ann@example.org"], Assert.Single(sink.Mails).Recipients);
    }

    [OnEveryDatabase]
    public async Task What_a_mail_said_is_kept_a_week_and_that_it_was_sent_for_longer(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, user, tickets: ["TICKETCODE1"]));
        await room.Until("sent", 2);
        var mail = await room.Ask<Guid>("SELECT id FROM mails WHERE template = 'booking-confirmed'");
        room.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await room.Prune();
        Assert.Equal(1, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE model LIKE '%TICKETCODE1%'"));

        room.Time.Advance(TimeSpan.FromMinutes(2));
        await room.Prune();

        Assert.Equal(0, await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE model <> ''"));
        Assert.Equal(2, (await room.Get<IMails>().List(new PageRequest(10, 1, null), "sent", None)).Value.Total);
        Assert.Equal("wrong_state", (await room.Get<IMails>().Resend(mail, None)).Problem?.Code.Name);
    }

    [Fact]
    public async Task What_a_mail_said_goes_with_it_where_nothing_is_to_be_kept()
    {
        await using var room = await MailRoom.Open(DatabaseProvider.Sqlite, new MailOptions { ContentDays = 0 });
        await room.Work();
        await room.Tell(Facts.Registered(user));
        await room.Until("sent");

        Assert.Equal("", await room.Ask<string>("SELECT model FROM mails"));
    }

    private BookingConfirmedEvent Booked() => Facts.Confirmed(Guid.NewGuid(), id, user);

    private static async Task<(long Queued, long Suppressed, long Security)> Counts(MailRoom room) => (
        await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE state = 'queued' AND kind = 'personal'"),
        await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE state = 'suppressed'"),
        await room.Ask<long>("SELECT COUNT(*) FROM mails WHERE state = 'queued' AND kind = 'security'"));
}

using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Consumers;

public sealed class ReadModelConsumerTests
{
    private readonly Guid id = Guid.NewGuid();
    private readonly Guid user = Guid.NewGuid();

    [OnEveryDatabase]
    public async Task The_newest_version_of_an_event_stays_however_late_the_others_come(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id, version: 3, name: "Third"));
        await room.Tell(Facts.Event(id, version: 2, name: "Second"));
        await room.Tell(Facts.Event(id, version: 3, name: "Third again"));

        Assert.Equal("Third", await room.Ask<string>("SELECT name FROM known_events"));
    }

    [OnEveryDatabase]
    public async Task A_deleted_event_stays_deleted(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id, version: 2));
        await room.Tell(Facts.Event(id, version: 2, change: "deleted"));
        await room.Tell(Facts.Event(id, version: 2));

        Assert.Equal("deleted", await room.Ask<string>("SELECT status FROM known_events"));
    }

    [OnEveryDatabase]
    public async Task A_confirmation_that_comes_after_the_cancellation_does_not_bring_the_booking_back(
        DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id));
        var booking = Guid.NewGuid();
        await room.Tell(Facts.Released(booking, id, user, minute: 20));
        await room.Tell(Facts.Confirmed(booking, id, user, minute: 10));

        Assert.Equal("cancelled", await room.Ask<string>("SELECT status FROM known_bookings"));
    }

    [OnEveryDatabase]
    public async Task Whose_event_it_is_and_who_they_are_is_known(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Registered(user, "zoë@example.org", "Zoë", "de"));
        await room.Tell(Facts.Event(id, organizer: user));

        Assert.Equal(user, await room.Ask<Guid>("SELECT organizer_id FROM known_events"));
        Assert.Equal("zoë@example.org Zoë de", await room.Ask<string>(
            "SELECT email || ' ' || name || ' ' || language FROM recipients"));
    }

    [OnEveryDatabase]
    public async Task What_is_known_is_forgotten_when_no_mail_can_need_it(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Registered(user));
        await room.Tell(Facts.Event(id));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, user));
        var end = Facts.Noon.AddDays(30).AddHours(3);

        await After(end.AddDays(30));
        Assert.Equal((1, 1), (await Count("known_bookings"), await Count("known_events")));
        await After(end.AddDays(30).AddMinutes(1));
        Assert.Equal((0, 1), (await Count("known_bookings"), await Count("known_events")));
        await After(end.AddDays(365).AddMinutes(1));
        Assert.Equal((0, 0), (await Count("known_bookings"), await Count("known_events")));

        async Task After(DateTimeOffset time)
        {
            room.Time.Advance(time - room.Time.GetUtcNow());
            await room.Prune();
        }

        Task<long> Count(string table) => room.Ask<long>($"SELECT COUNT(*) FROM {table}");
    }
}

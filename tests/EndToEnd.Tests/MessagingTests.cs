using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What happened is told, whatever happens to the process that tells it.</summary>
[Collection(Alone.Name)]
public sealed class MessagingTests
{
    private const int Clients = 8;
    private const int BookingsEach = 40;

    [OnEveryDatabase]
    public async Task Every_booking_is_told_once_through_sigkill_and_sigterm(DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider);
        var ledger = installation.Ledger;
        await installation.Buyers(Clients);
        var eventId = await installation.Organizer.Publish(1_000_000);

        await BookUntilTheEnd(installation, eventId, gatehouse =>
        {
            gatehouse.Kill();
            return Task.CompletedTask;
        });
        await BookUntilTheEnd(installation, eventId, async gatehouse => Assert.Equal(0, await gatehouse.Terminate()));

        await Poll.Until(
            async () => await ledger.Rows("identity", "outbox WHERE sent_at IS NULL") == 0 &&
                await ledger.Rows("ticketing", "outbox WHERE sent_at IS NULL") == 0 &&
                await ledger.Rows("notifications", "inbox WHERE state <> 'done'") == 0,
            TimeSpan.FromSeconds(60),
            "all to be told and heard");
        var books = await ledger.Agrees(eventId);
        var told = await ledger.Rows("identity", "outbox WHERE type LIKE 'user.%'") +
            await ledger.Rows("ticketing", "outbox WHERE type = 'booking.confirmed'");
        Assert.Equal(books.Bookings, await ledger.Rows(
            "notifications", $"known_bookings WHERE event_id = '{eventId}' AND status = 'confirmed'"));
        Assert.Equal(
            told, await ledger.Rows("notifications", "inbox WHERE consumer = 'notifications.mail'"));
    }

    [OnEveryDatabase]
    public async Task What_a_command_made_happen_is_told_by_the_server(DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider);

        var made = await installation.NewOrganizer("second@example.org");

        await Poll.Until(
            async () => await installation.Ledger.Rows(
                "notifications", $"recipients WHERE user_id = '{(await made.Get("/auth/me")).Is(200).Id}'") == 1,
            TimeSpan.FromSeconds(10),
            "the account to be known");
        var health = (await installation.Anyone.Get("/health")).Is(200).Json.GetProperty("components");
        Assert.Equal(0, health.GetProperty("outbox.identity").GetProperty("facts")
            .GetProperty("oldestUnsentSeconds").GetInt64());
    }

    [Fact]
    public async Task Process_with_some_modules_and_no_broker_says_whom_it_does_not_reach()
    {
        await using var installation = await Installation.Start(DatabaseProvider.Sqlite);
        using var part = await installation.StartAnother(port: null, ("GATEHOUSE_MODULES", "ticketing"),
            ("GATEHOUSE_TOKENS__IDENTITYURL", installation.Process.Address.ToString()));

        Assert.Contains(part.Lines, line => line.Contains("events reach the consumers of this process only"));
        Assert.DoesNotContain(installation.Process.Lines, line => line.Contains("consumers of this process only"));
    }

    private static async Task BookUntilTheEnd(
        Installation installation, string eventId, Func<GatehouseProcess, Task> end)
    {
        var buyers = await installation.Buyers(Clients);
        var booked = 0;
        var clients = buyers.Select(async buyer =>
        {
            try
            {
                for (var i = 0; i < BookingsEach; i++)
                {
                    (await buyer.Book(eventId)).Is(201);
                    Interlocked.Increment(ref booked);
                }
            }
            catch (HttpRequestException)
            {
                // It has ended.
            }
        }).ToArray();
        await Poll.Until(() => booked > Clients * BookingsEach / 4, TimeSpan.FromSeconds(30), "a quarter to be booked");
        await end(installation.Process);
        await Task.WhenAll(clients);
        await installation.Restart();
    }
}

using System.Diagnostics;
using System.Net;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Jobs.Webhooks;

/// <summary>Webhooks as the workers of a server send them. Measured, so when the other tests are done.</summary>
[Collection(Alone.Name)]
public sealed class WebhookDeliverJobTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [OnEveryDatabase]
    public async Task Healthy_endpoint_gets_its_deliveries_in_time_while_others_hang(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        using var end = new CancellationTokenSource();
        await using var healthy = await WebhookReceiver.Start();
        var hanging = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            WebhookReceiver.Start(_ => Task.Delay(Timeout.Infinite, end.Token))));
        await using var failing = await WebhookReceiver.Start(HttpStatusCode.InternalServerError);
        // All of one owner: those that hang share what there is with the one that is well.
        var owner = WebhookRoom.Person(Role.Organizer);
        await room.Subscribe(owner, healthy.Url, "event.deleted");
        foreach (var receiver in hanging.Append(failing))
        {
            await room.Subscribe(owner, receiver.Url, "event.updated");
        }

        await room.StartWorkers();
        for (var i = 0; i < 10; i++)
        {
            await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value));
        }

        await Poll.Until(
            () => hanging.All(receiver => receiver.Got.Count >= 4), TimeSpan.FromSeconds(10), "all that hang to hang");
        for (var i = 1; i <= 5; i++)
        {
            var told = Stopwatch.GetTimestamp();
            await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value, change: "deleted"));
            await healthy.WaitFor(i, TimeSpan.FromSeconds(10));
            Assert.True(Stopwatch.GetElapsedTime(told) < Promised, $"It took {Stopwatch.GetElapsedTime(told)}.");
        }

        await end.CancelAsync();
        foreach (var receiver in hanging)
        {
            await receiver.DisposeAsync();
        }
    }

    [Fact]
    public async Task Breaker_of_a_host_that_fails_spares_it_and_no_attempt_is_counted()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        await using var failing = await WebhookReceiver.Start(HttpStatusCode.BadGateway);
        var owner = WebhookRoom.Person(Role.Organizer);
        var webhook = await room.Subscribe(owner, failing.Url);
        for (var i = 0; i < 20; i++)
        {
            await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value));
        }

        await room.StartWorkers();
        await Poll.Until(
            async () => (await room.Log(webhook)).Count(one => one.Attempts > 0) >= 5,
            TimeSpan.FromSeconds(10),
            "five failures");
        await Poll.Until(
            async () => await room.Ask<long>(
                "SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND note IS NOT NULL") == 20,
            TimeSpan.FromSeconds(10),
            "all to be put off");

        // Those under way when it opened may end.
        Assert.InRange(failing.Got.Count, 5, 9);
        Assert.Equal(failing.Got.Count, (await room.Log(webhook)).Sum(one => one.Attempts));
        Assert.All(await room.Log(webhook), one => Assert.Equal("pending", one.Status));
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

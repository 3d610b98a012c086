using System.Text;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

/// <summary>What is held against an endpoint, and for how long.</summary>
public sealed class WebhookFailuresTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualTime time = new();
    private readonly Caller owner = WebhookRoom.Person(Role.Organizer);
    private int status = 404;

    [OnEveryDatabase]
    public async Task Five_days_of_failures_switch_it_off_and_one_success_begins_anew(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await Receiver();
        var webhook = await room.Subscribe(owner, receiver.Url);
        await FailDaily(room, webhook, days: 4);
        status = 200;
        time.Advance(TimeSpan.FromSeconds(1));
        await TellAgain(room, webhook);
        status = 404;
        time.Advance(TimeSpan.FromDays(1));
        await FailDaily(room, webhook, days: 4);
        time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await TellAgain(room, webhook);
        Assert.True((await Seen(room, webhook)).Active);
        time.Advance(TimeSpan.FromSeconds(1));

        await TellAgain(room, webhook);

        var seen = await Seen(room, webhook);
        Assert.Equal((false, "failing"), (seen.Active, seen.DisabledReason));
        Assert.Equal(1, await room.Ask<long>("SELECT COUNT(*) FROM outbox WHERE type = 'webhook.disabled'"));
    }

    [OnEveryDatabase]
    public async Task Failures_with_days_of_nothing_between_are_not_of_one_time_of_failing(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await Receiver();
        var webhook = await room.Subscribe(owner, receiver.Url);
        await TellAgain(room, webhook);
        time.Advance(TimeSpan.FromDays(6));

        await TellAgain(room, webhook);

        var seen = await Seen(room, webhook);
        Assert.Equal((true, time.GetUtcNow()), (seen.Active, seen.FailingSince));
    }

    [OnEveryDatabase]
    public async Task A_test_that_arrives_shows_that_it_is_well_again(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await Receiver();
        var webhook = await room.Subscribe(owner, receiver.Url);
        await TellAgain(room, webhook);
        Assert.NotNull((await Seen(room, webhook)).FailingSince);
        status = 200;
        time.Advance(TimeSpan.FromSeconds(1));

        await room.Deliveries.Test(owner, webhook.Id, None);
        await room.Attempt(webhook);

        Assert.Null((await Seen(room, webhook)).FailingSince);
    }

    [Fact]
    public async Task A_key_that_we_lost_is_not_held_against_the_endpoint()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await Receiver();
        var webhook = await room.Subscribe(owner, receiver.Url);
        await room.Execute(
            "UPDATE webhooks SET secret = @secret",
            new { secret = room.Get<SecretBox>().Seal("another row", Encoding.UTF8.GetBytes("secret")) });

        await FailDaily(room, webhook, days: 6);

        var seen = await Seen(room, webhook);
        Assert.Equal((true, null), (seen.Active, seen.FailingSince));
        Assert.Empty(receiver.Got);
        Assert.Equal("Its secret cannot be opened; rotate it.", (await room.Newest(webhook)).Error);
    }

    private Task<WebhookReceiver> Receiver() => WebhookReceiver.Start(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private async Task<WebhookView> Seen(WebhookRoom room, WebhookView webhook) =>
        (await room.Webhooks.Get(owner, webhook.Id, None)).Value;

    /// <summary>A failure now and after each day.</summary>
    private async Task FailDaily(WebhookRoom room, WebhookView webhook, int days)
    {
        await TellAgain(room, webhook);
        for (var day = 0; day < days; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await TellAgain(room, webhook);
        }
    }

    private async Task TellAgain(WebhookRoom room, WebhookView webhook)
    {
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value));
        await room.Attempt(webhook);
    }
}

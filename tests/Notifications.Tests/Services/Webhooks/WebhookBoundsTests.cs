using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

/// <summary>What one user, one webhook and one host may take, and that they take it from nobody else.</summary>
public sealed class WebhookBoundsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Uri Somewhere = new("https://receiver.example/hook");
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly Caller owner = WebhookRoom.Person(Role.Organizer);

    [OnEveryDatabase]
    public async Task What_is_more_than_may_wait_fails_at_once_and_a_replay_sends_it(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(
            provider, time, new WebhooksOptions { AllowedHosts = ["127.0.0.1"], WaitingMax = 2, UserWaitingMax = 3 });
        await using var receiver = await WebhookReceiver.Start();
        var webhook = await room.Subscribe(owner, receiver.Url);
        await room.Tell([.. Enumerable.Range(0, 3).Select(_ => New())]);
        await room.Tell(New());
        var second = await room.Subscribe(owner, receiver.Url);
        await room.Tell(New(), New());
        var other = WebhookRoom.Person(Role.Organizer);
        var others = await room.Subscribe(other, receiver.Url);
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: other.User.Value));

        // Two of the webhook, three of its user; of another user none fails.
        Assert.Equal((6, 4), await Counts(room, webhook));
        Assert.Equal((2, 1), await Counts(room, second));
        Assert.Equal((1, 0), await Counts(room, others));
        Assert.Equal(4, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));
        var failed = (await room.Log(webhook)).First(one => one.Status == "failed");
        Assert.Equal((0, null), (failed.Attempts, failed.NextAttemptAt));
        Assert.Equal("Too many were waiting. Sent again by a replay.", failed.Error);
        var range = new ReplayWebhook(time.GetUtcNow().AddDays(-1), time.GetUtcNow().AddDays(1));
        Assert.Equal(429, (await room.Deliveries.Replay(owner, webhook.Id, range, None)).Problem?.Code.Status);

        foreach (var one in (await room.Log(webhook)).Where(one => one.Status == "pending"))
        {
            await room.Attempt(one.Id);
        }

        var replayed = (await room.Deliveries.Replay(owner, webhook.Id, range, None)).Value;
        Assert.Equal(2, replayed.Count);
        Assert.NotNull(replayed.NextFrom);
    }

    [Fact]
    public async Task Names_that_take_long_are_looked_up_for_their_owner_alone()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        var slow = new CreateWebhook("https://slow.example/", ["*"]);
        var hanging = Enumerable.Range(0, 4).Select(_ => room.Webhooks.Create(owner, slow, None)).ToList();

        // Two of them have a place; who finds none is told to come again, and is not told that the name is wrong.
        var refused = await (await Task.WhenAny(hanging)).WaitAsync(Soon);
        Assert.Equal(("busy", 503), (refused.Problem?.Code.Name, refused.Problem?.Code.Status));
        Assert.NotNull(await room.Subscribe(WebhookRoom.Person(), Somewhere).WaitAsync(Soon));

        room.SlowNames.SetResult();
        await Task.WhenAll(hanging);
    }

    [Fact]
    public async Task A_delivery_without_a_place_to_look_its_name_up_is_put_off_and_not_failed()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        var (first, second) = (await Slow(room, "slow.example"), await Slow(room, "slower.example"));
        await room.Tell([.. Enumerable.Range(0, 4).Select(_ => New())]);
        var hanging = (await room.Log(first)).Select(one => room.Attempt(one.Id)).ToList();
        await Poll.Until(() => room.SlowLookups == 4, Soon, "every place of its owner to be taken");

        var next = await room.Attempt(second).WaitAsync(Soon);

        var delivery = await room.Newest(second);
        Assert.True(next > room.Time.GetUtcNow());
        Assert.Equal(("pending", 0, null), (delivery.Status, delivery.Attempts, delivery.Error));
        Assert.Null((await room.Webhooks.Get(owner, second.Id, None)).Value.FailingSince);
        room.SlowNames.SetResult();
        await Task.WhenAll(hanging);
    }

    [Fact]
    public async Task A_path_that_fails_for_one_user_is_held_against_nobody_else_at_its_host()
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/wrong" ? 500 : 204;
            return Task.CompletedTask;
        });
        var wrong = await room.Subscribe(owner, new Uri(receiver.Url, "/wrong"));
        var other = WebhookRoom.Person(Role.Organizer);
        var right = await room.Subscribe(other, receiver.Url);
        await room.Tell([.. Enumerable.Range(0, 6).Select(_ => New())]);
        foreach (var one in await room.Log(wrong))
        {
            await room.Attempt(one.Id);
        }

        // The breaker of its owner is open: the sixth was not sent.
        Assert.Equal(5, receiver.Got.Count);
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: other.User.Value));
        Assert.Null(await room.Attempt(right));

        Assert.Equal("delivered", (await room.Newest(right)).Status);
    }

    private EventChangedEvent New() => Facts.Event(Guid.NewGuid(), organizer: owner.User.Value);

    private static async Task<(int All, int Failed)> Counts(WebhookRoom room, WebhookView webhook)
    {
        var log = await room.Log(webhook);
        return (log.Count, log.Count(one => one.Status == "failed"));
    }

    // Its name is looked up when it is made as well, and there it is not to hang.
    private async Task<WebhookView> Slow(WebhookRoom room, string host)
    {
        var webhook = await room.Subscribe(owner, Somewhere);
        await room.Execute(
            "UPDATE webhooks SET url = @url WHERE id = @id", new { url = $"http://{host}/", id = webhook.Id });
        return webhook;
    }
}

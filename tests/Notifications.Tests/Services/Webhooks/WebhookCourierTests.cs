using System.Net;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

public sealed class WebhookCourierTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [OnEveryDatabase]
    public async Task What_arrives_verifies_and_is_in_the_log(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await WebhookReceiver.Start(context => context.Response.WriteAsync("thanks"));
        var (owner, webhook) = await Told(room, receiver);

        Assert.Null(await room.Attempt(webhook));

        var got = Assert.Single(receiver.Got);
        var delivery = await room.Newest(webhook);
        Assert.Equal(
            ("delivered", 1, 200, "thanks", null),
            (delivery.Status, delivery.Attempts, delivery.HttpStatus, delivery.Answer, delivery.Error));
        Assert.NotNull(delivery.LatencyMs);
        Assert.Equal(delivery.MessageId.ToString(), got.Id);
        Assert.Equal(got.Body, (await room.Deliveries.Get(owner, webhook.Id, delivery.Id, None)).Value.Body);
        var now = time.GetUtcNow();
        var standard = new StandardWebhook(webhook.Secret!);
        Assert.True(standard.Verifies(got.Headers, got.Body, now));
        Assert.False(standard.Verifies(got.Headers, got.Body + " ", now));
        Assert.False(standard.Verifies(got.Headers, got.Body, now.AddMinutes(6)));
        Assert.False(new StandardWebhook("whsec_" + Convert.ToBase64String(new byte[32]))
            .Verifies(got.Headers, got.Body, now));
        // What is done is not done again, whoever still holds the job.
        Assert.Null(await room.Attempt(webhook));
        Assert.Single(receiver.Got);
    }

    [Fact]
    public async Task Both_secrets_sign_for_a_day_after_a_rotation_and_then_the_new_one_alone()
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start();
        var (owner, webhook) = await Told(room, receiver);

        var rotated = (await room.Webhooks.RotateSecret(owner, webhook.Id, None)).Value;
        await room.Attempt(webhook);
        var during = receiver.Got.Last();
        Assert.Equal(2, during.Headers["webhook-signature"].Split(' ').Length);
        Assert.True(Verifies(webhook.Secret!, during));
        Assert.True(Verifies(rotated.Secret, during));
        var seen = (await room.Webhooks.Get(owner, webhook.Id, None)).Value;
        Assert.Equal(rotated.PreviousSecretUntil, seen.PreviousSecretUntil);

        time.Advance(TimeSpan.FromHours(24));
        await room.Deliveries.Test(owner, webhook.Id, None);
        await room.Attempt(webhook);
        var after = receiver.Got.Last();
        Assert.False(Verifies(webhook.Secret!, after));
        Assert.True(Verifies(rotated.Secret, after));
        Assert.Null((await room.Webhooks.Get(owner, webhook.Id, None)).Value.PreviousSecretUntil);

        bool Verifies(string secret, ReceivedWebhook got) =>
            new StandardWebhook(secret).Verifies(got.Headers, got.Body, time.GetUtcNow());
    }

    [Fact]
    public async Task Endpoint_that_answers_500_is_tried_ten_times_in_three_days_under_one_id()
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start(HttpStatusCode.InternalServerError);
        var (owner, webhook) = await Told(room, receiver);
        var began = time.GetUtcNow();

        while (await room.Attempt(webhook) is { } next)
        {
            var waiting = await room.Newest(webhook);
            Assert.Equal(("pending", next), (waiting.Status, waiting.NextAttemptAt));
            time.Advance(next - time.GetUtcNow());
        }

        var delivery = await room.Newest(webhook);
        Assert.Equal(("failed", 10, 500), (delivery.Status, delivery.Attempts, delivery.HttpStatus));
        Assert.Equal("It answered 500.", delivery.Error);
        Assert.InRange((time.GetUtcNow() - began).TotalDays, 3, 4);
        Assert.Single(receiver.Got.Select(got => got.Id).Distinct());
        Assert.Equal(10, receiver.Got.Count);
        Assert.Equal(10, receiver.Got.Select(got => got.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.Equal(began, (await room.Webhooks.Get(owner, webhook.Id, None)).Value.FailingSince);
    }

    [Fact]
    public async Task Attempt_before_its_time_is_put_off_without_a_request()
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start(HttpStatusCode.InternalServerError);
        var (_, webhook) = await Told(room, receiver);
        var next = await room.Attempt(webhook);

        // As after a crash between what was written and the job that was put off.
        Assert.Equal(next, await room.Attempt(webhook));

        Assert.Single(receiver.Got);
        Assert.Equal(1, (await room.Newest(webhook)).Attempts);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "3600", 3600, 3600)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "999999999", 86400, 86400)]
    [InlineData(HttpStatusCode.TooManyRequests, "soon", 5, 6)]
    [InlineData(HttpStatusCode.BadRequest, "3600", 5, 6)]
    public async Task Retry_after_is_kept_to_within_bounds(HttpStatusCode status, string asked, int min, int max)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start(context =>
        {
            context.Response.StatusCode = (int)status;
            context.Response.Headers.RetryAfter = asked;
            return Task.CompletedTask;
        });
        var (_, webhook) = await Told(room, receiver);

        var next = await room.Attempt(webhook);

        Assert.InRange((next!.Value - time.GetUtcNow()).TotalSeconds, min, max);
    }

    [OnEveryDatabase]
    public async Task Answer_410_switches_it_off_at_once_and_its_owner_is_told(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await WebhookReceiver.Start(HttpStatusCode.Gone);
        var (owner, webhook) = await Told(room, receiver);

        Assert.Null(await room.Attempt(webhook));

        var seen = (await room.Webhooks.Get(owner, webhook.Id, None)).Value;
        Assert.Equal((false, "gone", time.GetUtcNow()), (seen.Active, seen.DisabledReason, seen.DisabledAt));
        Assert.Equal("failed", (await room.Newest(webhook)).Status);
        var told = await room.Ask<string>("SELECT payload FROM outbox WHERE type = 'webhook.disabled'");
        Assert.Contains(owner.User.ToString(), told, StringComparison.Ordinal);
        var refused = await room.Deliveries.Replay(owner, webhook.Id, (await room.Newest(webhook)).Id, None);
        Assert.Equal("webhook_inactive", refused.Problem?.Code.Name);

        // What happens meanwhile is not kept for it; switched on again it has a clean record.
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value));
        Assert.Single(await room.Log(webhook));
        var on = (await room.Webhooks.Update(owner, webhook.Id, new UpdateWebhook { Active = true }, None)).Value;
        Assert.Equal((true, null, null, null), (on.Active, on.DisabledAt, on.DisabledReason, on.FailingSince));
    }

    [Fact]
    public async Task Test_is_sent_once_even_when_switched_off_and_proves_nothing()
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite, time);
        await using var receiver = await WebhookReceiver.Start(HttpStatusCode.Gone);
        var (owner, webhook) = await Told(room, receiver);
        await room.Webhooks.Update(owner, webhook.Id, new UpdateWebhook { Active = false }, None);
        time.Advance(TimeSpan.FromSeconds(1));

        var tested = (await room.Deliveries.Test(owner, webhook.Id, None)).Value;
        Assert.Null(await room.Attempt(webhook));

        Assert.Equal(("webhook.test", "pending"), (tested.Type, tested.Status));
        Assert.Equal((tested.Id, "failed"), ((await room.Newest(webhook)).Id, (await room.Newest(webhook)).Status));
        Assert.Contains(webhook.Id.ToString(), Assert.Single(receiver.Got).Body, StringComparison.Ordinal);
        var seen = (await room.Webhooks.Get(owner, webhook.Id, None)).Value;
        Assert.Equal((null, null), (seen.FailingSince, seen.DisabledReason));
    }

    [OnEveryDatabase]
    public async Task Replay_sends_the_same_message_again_and_a_range_goes_on_where_it_ended(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await WebhookReceiver.Start();
        var (owner, webhook) = await Told(room, receiver);
        var from = time.GetUtcNow();
        await room.Attempt(webhook);
        var first = await room.Newest(webhook);

        var again = (await room.Deliveries.Replay(owner, webhook.Id, first.Id, None)).Value;
        var twice = (await room.Deliveries.Replay(owner, webhook.Id, first.Id, None)).Value;
        Assert.Equal(("pending", "pending"), (again.Status, twice.Status));
        Assert.Equal(2, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));
        await room.Attempt(webhook, round: 2);
        Assert.Single(receiver.Got.Select(got => got.Id).Distinct());
        Assert.Equal(("delivered", 2), ((await room.Newest(webhook)).Status, (await room.Newest(webhook)).Attempts));

        time.Advance(TimeSpan.FromSeconds(1));
        var none = (await room.Deliveries.Replay(owner, webhook.Id, new ReplayWebhook(from), None)).Value;
        var all = (await room.Deliveries.Replay(
            owner, webhook.Id, new ReplayWebhook(from, time.GetUtcNow(), "all"), None)).Value;
        Assert.Equal((0, 1, null), (none.Count, all.Count, all.NextFrom));
        var refused = await room.Deliveries.Replay(
            owner, webhook.Id, new ReplayWebhook(from.AddDays(-31), from.AddDays(-32), "lost"), None);
        Assert.Equal(["from", "status", "to"], refused.Problem!.Errors.Keys.Order());
    }

    [OnEveryDatabase]
    public async Task Two_workers_at_one_delivery_count_as_one_attempt(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var answer = new TaskCompletionSource();
        await using var receiver = await WebhookReceiver.Start(_ => answer.Task);
        var (_, webhook) = await Told(room, receiver);

        // The first has lost its lease and does not know it yet.
        var workers = new[] { room.Attempt(webhook), room.Attempt(webhook) };
        await receiver.WaitFor(2, TimeSpan.FromSeconds(5));
        answer.SetResult();
        await Task.WhenAll(workers);

        var delivery = await room.Newest(webhook);
        Assert.Equal(("delivered", 1), (delivery.Status, delivery.Attempts));
        Assert.Single(receiver.Got.Select(got => got.Id).Distinct());
    }

    [OnEveryDatabase]
    public async Task Deleted_webhook_gets_nothing_and_its_log_is_tidied_away_like_an_old_one(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(provider, time);
        await using var receiver = await WebhookReceiver.Start();
        var (_, old) = await Told(room, receiver);
        time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        var (owner, gone) = await Told(room, receiver);
        var (_, kept) = await Told(room, receiver);
        await room.Webhooks.Delete(owner, gone.Id, None);

        Assert.Null(await room.Attempt(gone));
        await room.Prune();

        Assert.Empty(receiver.Got);
        Assert.Empty(await room.Log(old));
        Assert.Empty(await room.Log(gone));
        Assert.Single(await room.Log(kept));
    }

    /// <summary>An organizer whose webhook has something to be sent.</summary>
    private static async Task<(Caller Owner, WebhookView Webhook)> Told(WebhookRoom room, WebhookReceiver receiver)
    {
        var owner = WebhookRoom.Person(Role.Organizer);
        var webhook = await room.Subscribe(owner, receiver.Url);
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: owner.User.Value));
        return (owner, webhook);
    }
}

using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// Finds who is told of integration events, and writes for each what is to be sent with the job that sends it.
/// </summary>
internal sealed class WebhookDispatch(
    IWebhookRepository webhooks,
    IWebhookDeliveryRepository deliveries,
    Dependencies dependencies,
    WebhooksOptions options,
    TimeProvider time)
{
    public const string JobKind = "webhook.deliver";

    /// <exception cref="AudienceUnknownException">Whom one concerns has not been heard of yet.</exception>
    public async Task Send(UnitOfWork unit, IReadOnlyList<ReceivedEvent> received)
    {
        if (!await webhooks.IsAnyActive(unit))
        {
            return;
        }

        var told = await Told(unit, received.Column(WebhookCatalog.Tell));
        if (told.Count == 0)
        {
            return;
        }

        var now = time.Now();
        var owners = told.Select(one => one.To.Owner).Distinct().ToList();
        var backlog = new WebhookBacklog(options, await deliveries.CountWaiting(unit, owners));
        var made = told
            .Select(one => (one.To, Delivery: new NewDelivery(
                Ids.New(now),
                one.To.Id,
                one.Message,
                backlog.TryAdd(one.To.Id, one.To.Owner) ? null : WebhookBacklog.Full)))
            .ToList();
        var added = await deliveries.Insert(unit, [.. made.Select(one => one.Delivery)], now);
        await JobQueue.Enqueue(
            unit,
            [
                .. from one in made
                   where one.Delivery.Refusal is null && added.Contains(one.Delivery.Id)
                   // Not before a breaker that is open would let it through.
                   let open = dependencies.Find(DependencyOf(one.To.Url, one.To.Owner))?.OpenUntil
                   select Job(one.Delivery.Id, round: 1, open),
            ],
            now);
    }

    public static Task Enqueue(UnitOfWork unit, Guid deliveryId, int round, DateTimeOffset now) =>
        JobQueue.Enqueue(unit, Job(deliveryId, round, runAt: null), now);

    /// <summary>
    /// Of one owner alone: what a user's endpoint does, or a path of it, is held against nobody else who has webhooks
    /// at the same host.
    /// </summary>
    public static string DependencyOf(WebhookUrl url, UserId owner) => $"webhook:{url.Endpoint}:{owner}";

    private async Task<List<(WebhookMessage Message, Subscription To)>> Told(
        UnitOfWork unit, IReadOnlyList<WebhookMessage> messages)
    {
        var events = messages.Select(message => message.OfEvent).OfType<Guid>().Distinct().ToList();
        var organizers = await webhooks.FindOrganizers(unit, events);
        if (events.Find(id => !organizers.ContainsKey(id)) is var unknown && unknown != default)
        {
            throw new AudienceUnknownException(unknown);
        }

        var users = messages.Select(message => message.User).OfType<Guid>().Concat(organizers.Values).Distinct();
        var active = await webhooks.Active(unit, [.. users]);
        var forAll = active.Where(one => one.IsForAll).ToList();
        var own = active.Where(one => !one.IsForAll).ToLookup(one => one.Owner.Value);
        return
        [
            .. from message in messages
               let organizer = message.OfEvent is { } id ? organizers[id] : (Guid?)null
               let concerned = new[] { message.User, organizer }.OfType<Guid>().Distinct()
               from to in (message.IsPrivate ? [] : forAll).Concat(concerned.SelectMany(user => own[user]))
               where to.Events.Wants(message.Type)
               select (message, to),
        ];
    }

    private static JobRequest Job(Guid deliveryId, int round, DateTimeOffset? runAt)
    {
        var job = new DeliveryJob(deliveryId, round).ToString();
        return new JobRequest(JobKind, job) { Key = job, RunAt = runAt };
    }
}

/// <summary>What a job needs to know; also what makes two of them the same.</summary>
internal sealed record DeliveryJob(Guid DeliveryId, int Round)
{
    public static DeliveryJob Parse(string payload)
    {
        var parts = payload.Split('/');
        return new DeliveryJob(Guid.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{DeliveryId}/{Round}";
}

/// <summary>The event of a booking is not known here yet: it comes from another outbox, and soon.</summary>
internal sealed class AudienceUnknownException(Guid eventId)
    : Exception($"The organizer of event {eventId} is not known yet.");

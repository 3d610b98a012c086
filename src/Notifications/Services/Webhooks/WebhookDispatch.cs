using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// Finds who is told of an integration event, and writes for each what is to be sent with the job that sends it.
/// </summary>
internal sealed class WebhookDispatch(
    IWebhookRepository webhooks,
    IWebhookDeliveryRepository deliveries,
    Dependencies dependencies,
    TimeProvider time)
{
    public const string JobKind = "webhook.deliver";

    /// <exception cref="AudienceUnknownException">Whom it concerns has not been heard of yet.</exception>
    public async Task Send(UnitOfWork unit, WebhookMessage message)
    {
        if (!await webhooks.IsAnyActive(unit))
        {
            return;
        }

        Guid? organizer = null;
        if (message.OfEvent is { } eventId)
        {
            organizer = await webhooks.FindOrganizer(unit, eventId) ?? throw new AudienceUnknownException(eventId);
        }

        var now = time.Now();
        foreach (var subscription in await webhooks.Active(unit, message.User, organizer))
        {
            var id = Ids.New(now);
            if (subscription.Events.Wants(message.Type) &&
                await deliveries.Insert(unit, id, subscription.Id, message, now))
            {
                // Not before a breaker that is open would let it through.
                var open = dependencies.Find(DependencyOf(subscription.Url.Endpoint))?.OpenUntil;
                await Enqueue(unit, id, round: 1, now, open);
            }
        }
    }

    public static Task Enqueue(
        UnitOfWork unit, Guid deliveryId, int round, DateTimeOffset now, DateTimeOffset? runAt)
    {
        var job = new DeliveryJob(deliveryId, round).ToString();
        return JobQueue.Enqueue(unit, new JobRequest(JobKind, job) { Key = job, RunAt = runAt }, now);
    }

    public static string DependencyOf(string endpoint) => $"webhook:{endpoint}";
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

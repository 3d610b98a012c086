using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Consumers;

/// <summary>Keeps whose days are in which time zone, of those too who have written nothing yet.</summary>
internal sealed class TimeZoneConsumer(CountsBuilding building) : IEventConsumer
{
    private const string Utc = "UTC";

    public string Name => "journal.time-zones";

    public string Module => JournalModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } = ["user.profile_changed"];

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        var fact = received.Read(IdentityJson.Default.UserProfileChangedEvent);
        var zone = fact.TimeZone ?? Utc;
        // Throws where this machine lacks it. Another may know it, or this one after an update: it is tried again, and
        // in the end kept as a dead letter.
        TimeZoneInfo.FindSystemTimeZoneById(zone);
        await building.MoveTo(unit, new UserId(fact.UserId), zone, fact.OccurredAt);
    }

    /// <summary>In the order of people: so two batches lock their journals in one order.</summary>
    public async Task ConsumeTogether(
        UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation)
    {
        foreach (var one in received.OrderBy(one => one.AggregateId, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            await Consume(unit, one, cancellation);
        }
    }
}

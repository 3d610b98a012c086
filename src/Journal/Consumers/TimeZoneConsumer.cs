using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Consumers;

/// <summary>Keeps whose days are in which time zone, of those too who have written nothing yet.</summary>
internal sealed partial class TimeZoneConsumer(CountsBuilding building, ILogger<TimeZoneConsumer> log) : IEventConsumer
{
    private const string Utc = "UTC";

    public string Name => "journal.time-zones";

    public string Module => JournalModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } = ["user.profile_changed"];

    // Who writes an entry waits for their journal until the end.
    public int TogetherMax => 10;

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        var fact = received.Read(IdentityJson.Default.UserProfileChangedEvent);
        var zone = fact.TimeZone ?? Utc;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            // Trying again would not help: what it said before stays.
            LogUnknownZone(zone, fact.UserId);
            return;
        }

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

    [LoggerMessage(5400, LogLevel.Warning, "Time zone {Zone} of {UserId} is not known on this machine; it is ignored")]
    private partial void LogUnknownZone(string zone, Guid userId);
}

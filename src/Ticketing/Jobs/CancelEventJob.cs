using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>
/// Cancels what was booked of an event that was cancelled. Begun again after a crash, or beside another that lost its
/// lease, it finds those that are left.
/// </summary>
internal sealed class CancelEventJob(EventCancellation cancelling) : IJob
{
    // Money waits for it: a database that is away for a day does not end it.
    private static readonly TimeSpan[] Waits =
        [.. JobPolicy.UsualDelays, .. Enumerable.Repeat(TimeSpan.FromHours(1), 24)];

    public string Kind => EventCancellation.JobKind;

    public string Module => TicketingModule.DatabaseName;

    public JobPolicy Policy { get; } = new() { Delays = Waits, Timeout = TimeSpan.FromMinutes(30) };

    public async Task Run(JobRun run, CancellationToken cancellation)
    {
        var of = new EventId(Guid.Parse(run.Payload));
        var after = (BookingId?)new BookingId(Guid.Empty);
        var cancelled = 0;
        while (after is { } from)
        {
            var batch = await cancelling.Next(of, from, cancellation);
            (after, cancelled) = (batch.Next, cancelled + batch.Count);
            await run.Report(
                0, string.Create(CultureInfo.InvariantCulture, $"{cancelled} bookings cancelled"), cancellation);
        }
    }
}

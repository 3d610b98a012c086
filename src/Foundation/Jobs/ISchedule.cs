namespace Gatehouse.Foundation.Jobs;

/// <summary>Work that comes again by the clock: each time once, however many instances there are.</summary>
public interface ISchedule
{
    /// <summary>Stable, such as <c>ticketing.expire-holds</c>.</summary>
    string Name { get; }

    /// <summary>The module whose instances run it.</summary>
    string Module { get; }

    /// <summary>
    /// Quartz's cron with seconds: <c>sec min hour day-of-month month day-of-week</c>, one of the two days being
    /// <c>?</c>.
    /// </summary>
    string Cron { get; }

    /// <summary>IANA name of the zone the clock is read in; UTC unless said.</summary>
    string TimeZone => "UTC";

    /// <summary>Does it; answers a few words on what was done, for those who look.</summary>
    Task<string> Run(CancellationToken cancellation);
}

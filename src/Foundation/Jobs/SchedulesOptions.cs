using Gatehouse.Foundation.Configuration;
using Quartz;

namespace Gatehouse.Foundation.Jobs;

/// <summary>What comes again by the clock; <c>GET /admin/schedules</c> lists the names.</summary>
[Section("Schedules")]
public sealed class SchedulesOptions : IValidatedOptions
{
    [Setting("Names of schedules that do not run by the clock.")]
    public IReadOnlyList<string> Off { get; set; } = [];

    [Setting(
        "Other times, separated by `;`: a name, `=`, Quartz's cron with seconds, and after `@` an IANA time zone " +
        "where it is not UTC: " +
        "`ticketing.expire-holds=0/30 * * * * ?; identity.prune-sessions=0 30 2 * * ? @Europe/Berlin`.")]
    public string Cron { get; set; } = "";

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment) =>
        from entry in Entries()
        let reason = ScheduleTime.WhyNot(entry)
        where reason is not null
        select (nameof(Cron), reason);

    internal IEnumerable<string> Names => [.. Off, .. Entries().Select(ScheduleTime.NameOf)];

    internal ScheduleTime TimeOf(ISchedule schedule)
    {
        var entry = Entries().LastOrDefault(e => ScheduleTime.NameOf(e) == schedule.Name);
        var time = entry is null
            ? new ScheduleTime(schedule.Cron, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone))
            : ScheduleTime.Parse(entry);
        return time with { IsOff = Off.Contains(schedule.Name, StringComparer.Ordinal) };
    }

    private string[] Entries() =>
        Cron.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>When a schedule comes round.</summary>
/// <param name="Cron">As Quartz reads it.</param>
/// <param name="Zone">Whose clock it is. At an hour that is left out in spring it comes when the clock has jumped;
/// in an hour that comes twice in autumn, once.</param>
internal sealed record ScheduleTime(string Cron, TimeZoneInfo Zone)
{
    public bool IsOff { get; init; }

    public DateTimeOffset? Next(DateTimeOffset after) =>
        IsOff ? null : new CronExpression(Cron, Zone).GetNextValidTimeAfter(after);

    public static string NameOf(string entry) => entry.Split('=')[0].Trim();

    /// <summary>An entry of the settings that has been validated.</summary>
    public static ScheduleTime Parse(string entry)
    {
        var (cron, zone) = Parts(entry);
        return new ScheduleTime(cron, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    public static string? WhyNot(string entry)
    {
        if (!entry.Contains('=', StringComparison.Ordinal) || NameOf(entry).Length == 0)
        {
            return $"'{entry}' is not name=cron";
        }

        var (cron, zone) = Parts(entry);
        if (!CronExpression.TryParse(cron, out _))
        {
            return $"'{cron}' is not a cron of six fields: sec min hour day-of-month month day-of-week";
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? null : $"'{zone}' is no time zone";
    }

    private static (string Cron, string Zone) Parts(string entry)
    {
        var time = entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var parts = time.Split('@', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length > 1 ? parts[1] : "UTC");
    }
}

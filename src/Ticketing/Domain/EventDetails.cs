using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// What an organizer says of an event, as it came in; <see cref="Check"/> makes it what the box office may rely on.
/// </summary>
internal sealed record EventDetails(
    string? Name,
    string? Description,
    string? Venue,
    string? Address,
    DateTimeOffset? StartAt,
    DateTimeOffset? EndAt,
    string? TimeZone,
    DateTimeOffset? CancelUntil,
    int? Capacity,
    long? Price,
    string? Currency)
{
    public const int CapacityMax = 1_000_000;
    public const long PriceMax = 100_000_000;
    public const int DaysMax = 366;
    private const int YearsAheadMax = 10;

    /// <summary>
    /// Says every fault; where there is none, answers the details cleaned and complete. An event that is over may still
    /// be described better, so <paramref name="knownEnd"/> may stay in the past.
    /// </summary>
    public CheckedDetails Check(DateTimeOffset now, Faults faults, DateTimeOffset? knownEnd = null)
    {
        var name = faults.Text("name", Name, 1, 200);
        var description = faults.Text("description", Description, 0, 10_000, multiline: true);
        var venue = faults.Text("venue", Venue, 0, 300);
        var address = faults.Text("address", Address, 0, 500, multiline: true);
        var start = StartAt?.ToMicroseconds() ?? default;
        var end = EndAt?.ToMicroseconds() ?? default;
        var hasStart = faults.Require(StartAt is not null, "startAt", "is required");
        var hasEnd = faults.Require(EndAt is not null, "endAt", "is required");
        if (hasStart)
        {
            faults.Require(
                start <= now.AddYears(YearsAheadMax), "startAt", $"must be at most {YearsAheadMax} years from now");
        }

        if (hasEnd)
        {
            faults.Require(end > now || end == knownEnd, "endAt", "must not be past");
        }

        if (hasStart && hasEnd)
        {
            faults.Require(end > start, "endAt", "must be after startAt");
            faults.Require(
                end - start <= TimeSpan.FromDays(DaysMax), "endAt", $"must be within {DaysMax} days of startAt");
        }

        var cancelUntil = CancelUntil?.ToMicroseconds();
        if (hasStart)
        {
            faults.Require(!(cancelUntil > start), "cancelUntil", "must not be after startAt");
        }

        var zone = TimeZone ?? "UTC";
        faults.Require(IsZone(zone), "timeZone", "must be an IANA time zone such as Europe/Berlin");
        if (faults.Require(Capacity is not null, "capacity", "is required"))
        {
            faults.Whole("capacity", Capacity!.Value, 1, CapacityMax);
        }

        faults.Whole("price", Price ?? 0, 0, PriceMax);
        var hasCurrency = Kernel.Currency.TryParse(Currency ?? "EUR", out var currency);
        faults.Require(hasCurrency, "currency", "must be a currency of ISO 4217 such as EUR");
        return new CheckedDetails(
            name,
            description.Length == 0 ? null : description,
            venue.Length == 0 ? null : venue,
            address.Length == 0 ? null : address,
            start,
            end,
            zone,
            cancelUntil,
            Capacity ?? 0,
            new Money(Price ?? 0, currency));
    }

    private static bool IsZone(string zone) =>
        zone.Length is > 0 and <= 64 && (zone == "UTC" || zone.Contains('/', StringComparison.Ordinal)) &&
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
}

/// <summary>Details without a fault.</summary>
/// <param name="CancelUntil">Buyers may cancel until then; until the start where it is null.</param>
internal sealed record CheckedDetails(
    string Name,
    string? Description,
    string? Venue,
    string? Address,
    DateTimeOffset StartAt,
    DateTimeOffset EndAt,
    string TimeZone,
    DateTimeOffset? CancelUntil,
    int Capacity,
    Money Price);

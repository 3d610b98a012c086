namespace Gatehouse.Journal.Domain;

/// <summary>
/// Where the counts of one journal stand: which generation of them is read, in which time zone, and which is being
/// built beside it, up to which entry.
/// </summary>
internal sealed record CountsState
{
    public const string Utc = "UTC";

    /// <summary>After every id: the build has seen all entries.</summary>
    public static readonly Guid Everything = Guid.AllBitsSet;

    public Guid UserId { get; init; }

    public long Entries { get; init; }

    /// <summary>Of what is read.</summary>
    public string TimeZone { get; init; } = Utc;

    /// <summary>What is read; 0 before the first was built.</summary>
    public int Generation { get; init; }

    /// <summary>The last number that was given; none is given twice.</summary>
    public int LastGeneration { get; init; }

    /// <summary>Of what is built; null where nothing is.</summary>
    public int? BuildingGeneration { get; init; }

    public string? BuildingZone { get; init; }

    /// <summary>Entries up to this one are counted in it.</summary>
    public Guid? BuiltUntil { get; init; }

    /// <summary>When the person said their zone, as far as it is known.</summary>
    public DateTimeOffset? ZoneKnownAt { get; init; }

    public bool IsBuilding => BuildingGeneration is not null;

    /// <summary>Each generation that counts this entry already.</summary>
    public IEnumerable<(int Generation, TimeZoneInfo Zone)> Counting(Guid entry)
    {
        if (Generation > 0)
        {
            yield return (Generation, ZoneOf(TimeZone));
        }

        if (BuildingGeneration is { } building && entry.CompareTo(BuiltUntil!.Value) <= 0)
        {
            yield return (building, ZoneOf(BuildingZone!));
        }
    }

    public CountsState Build(string zone) => this with
    {
        LastGeneration = LastGeneration + 1,
        BuildingGeneration = LastGeneration + 1,
        BuildingZone = zone,
        BuiltUntil = Guid.Empty,
    };

    public CountsState Finish() => this with
    {
        Generation = BuildingGeneration!.Value,
        TimeZone = BuildingZone!,
        BuildingGeneration = null,
        BuildingZone = null,
        BuiltUntil = null,
    };

    /// <summary>
    /// The person is in that zone now. Without entries there is nothing to count again; what is said anew while
    /// another zone is built wins over it.
    /// </summary>
    public CountsState MoveTo(string zone, DateTimeOffset at)
    {
        var known = this with { ZoneKnownAt = at };
        if (zone == (BuildingZone ?? TimeZone))
        {
            return known;
        }

        var idle = known with { BuildingGeneration = null, BuildingZone = null, BuiltUntil = null };
        return Entries == 0 ? idle.Build(zone).Finish()
            : zone == TimeZone && Generation > 0 ? idle
            : idle.Build(zone);
    }

    /// <exception cref="TimeZoneNotFoundException">
    /// Another machine knew it and this one does not: in any other zone it would count wrongly.
    /// </exception>
    public static TimeZoneInfo ZoneOf(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}

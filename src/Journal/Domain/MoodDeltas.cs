namespace Gatehouse.Journal.Domain;

/// <summary>What many changes add up to, row by row.</summary>
internal sealed class MoodDeltas(TimeZoneInfo zone)
{
    private readonly Dictionary<MoodKey, int[]> rows = [];

    /// <summary>Rows that change, in one order everywhere; the numbers are of mood 1 to 10.</summary>
    public IReadOnlyList<(MoodKey Key, int[] Moods)> Rows =>
    [
        .. from row in rows
           where row.Value.Any(mood => mood != 0)
           orderby row.Key.Kind, row.Key.Grain, row.Key.Period
           select (row.Key, row.Value),
    ];

    public void Add(EntryChange change)
    {
        Add(change.Before, -1);
        Add(change.After, 1);
    }

    public void Add(int mood, string category, IReadOnlyList<string> tags, DateTimeOffset at, int times = 1)
    {
        foreach (var key in MoodKey.Of(category, tags, TimeZoneInfo.ConvertTime(at, zone).DateTime))
        {
            if (!rows.TryGetValue(key, out var moods))
            {
                rows[key] = moods = new int[MoodCounts.Moods];
            }

            moods[mood - 1] += times;
        }
    }

    private void Add(CheckedEntry? entry, int times)
    {
        if (entry is not null)
        {
            Add(entry.Mood, entry.Category, entry.Tags, entry.At, times);
        }
    }
}

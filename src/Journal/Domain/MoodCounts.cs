namespace Gatehouse.Journal.Domain;

/// <summary>How often each mood was: all figures follow from it, the same wherever they are asked for.</summary>
internal sealed class MoodCounts
{
    public const int Moods = 10;

    private readonly long[] counts = new long[Moods];

    /// <summary>Of mood 1 to 10.</summary>
    public IReadOnlyList<long> Distribution => counts;

    public long Count => counts.Sum();

    public double? Mean => Count == 0 ? null : (double)Sum / Count;

    public double? Median => Count == 0 ? null : (MoodAt((Count - 1) / 2) + MoodAt(Count / 2)) / 2.0;

    /// <summary>Of a population: the entries are all there are, and no sample.</summary>
    public double? StandardDeviation => Count == 0 ? null : Math.Sqrt((double)SquaredSpread) / Count;

    private long Sum => counts.Index().Sum(mood => (mood.Index + 1) * mood.Item);

    // In whole numbers: what is subtracted is as large as what is left of it.
    private Int128 SquaredSpread =>
        ((Int128)Count * counts.Index().Sum(mood => (mood.Index + 1) * (mood.Index + 1) * mood.Item)) -
        ((Int128)Sum * Sum);

    public static MoodCounts Of(IEnumerable<MoodCounts> parts)
    {
        var whole = new MoodCounts();
        foreach (var part in parts)
        {
            whole.Add(part);
        }

        return whole;
    }

    public MoodCounts Add(MoodCounts other) => Add(other.counts);

    public MoodCounts Add(IReadOnlyList<long> moods)
    {
        for (var i = 0; i < Moods; i++)
        {
            counts[i] += moods[i];
        }

        return this;
    }

    public MoodCounts Subtract(MoodCounts other)
    {
        for (var i = 0; i < Moods; i++)
        {
            counts[i] -= other.counts[i];
        }

        return this;
    }

    // In the order of moods, from 0.
    private int MoodAt(long place)
    {
        var mood = 0;
        for (var passed = 0L; mood < Moods && passed <= place; mood++)
        {
            passed += counts[mood];
        }

        return mood;
    }
}

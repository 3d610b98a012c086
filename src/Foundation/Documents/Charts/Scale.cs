namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Puts numbers in their place on an axis.</summary>
internal sealed class Scale(double from, double until, double start, double end)
{
    public double Place(double value) => start + ((value - from) / (until - from) * (end - start));

    /// <summary>From 0 to a round number that is not below the most.</summary>
    public static Scale FromZero(double most, int steps, double start, double end)
    {
        var step = Step(Math.Max(1, most) / steps);
        return new Scale(0, step * Math.Max(1, Math.Ceiling(most / step)), start, end);
    }

    /// <summary>Round numbers within it, as many as asked for or fewer than twice that.</summary>
    public IEnumerable<double> Ticks(int about)
    {
        var step = Step((until - from) / about);
        for (var i = (long)Math.Ceiling(from / step); i * step <= until + (step / 1e6); i++)
        {
            yield return i * step;
        }
    }

    /// <summary>1, 2 or 5 times a power of ten, not below the number.</summary>
    private static double Step(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var factor = raw / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}

namespace Gatehouse.Bench.Login;

/// <summary>
/// The rank-sum test of Mann and Whitney (1947): how likely two samples of one distribution lie as far apart as these,
/// whatever the distribution. By the normal approximation with the correction for ties, good from 20 a sample.
/// </summary>
internal static class MannWhitney
{
    public static double P(IReadOnlyList<long> one, IReadOnlyList<long> other)
    {
        var all = one.Select(value => (Value: value, Mine: true))
            .Concat(other.Select(value => (Value: value, Mine: false)))
            .OrderBy(sample => sample.Value).ToList();
        var (rankSum, ties) = (0.0, 0.0);
        for (var first = 0; first < all.Count;)
        {
            var next = first + 1;
            while (next < all.Count && all[next].Value == all[first].Value)
            {
                next++;
            }

            // Equal values share the mean of their ranks, which count from 1.
            double same = next - first;
            rankSum += (first + next + 1) / 2.0 * all.Skip(first).Take(next - first).Count(sample => sample.Mine);
            ties += (same * same * same) - same;
            first = next;
        }

        double n = one.Count, m = other.Count, total = n + m;
        var u = rankSum - (n * (n + 1) / 2);
        var deviation = Math.Sqrt(n * m / 12 * (total + 1 - (ties / (total * (total - 1)))));
        return deviation == 0 ? 1 : Math.Min(1, 2 * UpperTail(Math.Abs(u - (n * m / 2)) / deviation));
    }

    /// <summary>Of the standard normal distribution; Abramowitz and Stegun 26.2.17, to 7.5e-8.</summary>
    private static double UpperTail(double z)
    {
        var t = 1 / (1 + (0.2316419 * z));
        var sum = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 +
            (t * (-1.821255978 + (t * 1.330274429))))))));
        return Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * sum;
    }
}

namespace Gatehouse.Foundation.Configuration;

/// <summary>Finds what someone probably meant.</summary>
public static class Spelling
{
    /// <summary>The candidate with the fewest changed letters, if it is near enough to be worth a question.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        var (nearest, distance) = candidates
            .Select(c => (Candidate: c, Distance: Distance(written.ToUpperInvariant(), c.ToUpperInvariant())))
            .OrderBy(c => c.Distance).ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .FirstOrDefault((Candidate: "", Distance: int.MaxValue));
        return distance <= Math.Max(3, written.Length / 4) ? nearest : null;
    }

    /// <summary>
    /// Levenshtein distance, with a swap of neighbours counted as one change (Damerau, optimal string alignment).
    /// </summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var same = a[i - 1] == b[j - 1];
                var best = Math.Min(
                    Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                    table[i - 1, j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, table[i - 2, j - 2] + 1);
                }

                table[i, j] = best;
            }
        }

        return table[a.Length, b.Length];
    }
}

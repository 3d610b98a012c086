using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Bench;

/// <summary>Where a measurement is written for whoever compares later.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Answers its path from the root.</summary>
    public static async Task<string> Write<T>(string scenario, T report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Solution.Root, "benchmarks", "results"));
        var path = Path.Combine(folder.FullName, $"{scenario}.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, Json) + "\n");
        return Path.GetRelativePath(Solution.Root, path);
    }
}

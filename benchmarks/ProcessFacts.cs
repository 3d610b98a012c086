using System.Globalization;

namespace Gatehouse.Bench;

/// <summary>What Linux tells of processes, from /proc.</summary>
internal static class ProcessFacts
{
    // The unit of times in /proc/…/stat: USER_HZ, 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int ChildSystemTime = 14;

    public static double ResidentMiB(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024.0;
    }

    public static int ParentOf(int process) => (int)Number(Stat(process)[Parent]);

    /// <summary>Used so far by a process, by its children, and by those of them that have ended.</summary>
    public static TimeSpan ProcessorTime(int process)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Stat(id) is { Length: > 0 } stat && (int)Number(stat[Parent]) == process);
        var ticks = children.Append(process)
            .Select(Stat).Where(stat => stat.Length > 0)
            .Sum(stat => stat[UserTime..(ChildSystemTime + 1)].Sum(Number));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>The fields after the name, which is in parentheses; empty when the process is gone.</summary>
    private static string[] Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Gatehouse.Testing;

/// <summary>Finds PostgreSQL's programs: the newest version of Debian's layout, else whatever PATH offers.</summary>
internal static class PostgresBinaries
{
    private const string Debian = "/usr/lib/postgresql";

    public static string? Folder { get; } = Candidates().FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));

    private static IEnumerable<string> Candidates()
    {
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions
            .OrderByDescending(
                v => double.TryParse(Path.GetFileName(v), CultureInfo.InvariantCulture, out var n) ? n : 0)
            .Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
    }
}

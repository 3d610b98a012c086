using System.Globalization;

namespace Gatehouse.Split;

/// <summary>Where the machine keeps what is started.</summary>
internal static class Programs
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    // What Debian puts in PATH is for root only, and for the one broker of the machine.
    private const string DebianRabbit = "/usr/lib/rabbitmq/bin";

    private static readonly string[] InPath = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The folder with <c>initdb</c>: of the newest version, else of PATH.</summary>
    public static string? Postgres { get; } = Directories(DebianPostgres)
        .OrderByDescending(f => double.TryParse(Path.GetFileName(f), CultureInfo.InvariantCulture, out var n) ? n : 0)
        .Select(folder => Path.Combine(folder, "bin"))
        .Concat(InPath)
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    public static string? Redis { get; } = Find("redis-server", InPath);

    public static string? Rabbit { get; } = Find("rabbitmq-server", [DebianRabbit, .. InPath]);

    public static string? Epmd { get; } = Find("epmd", InPath);

    public static bool Has(string program) => Find(program, InPath) is not null;

    public static void RequireEngines()
    {
        var missing = new List<string>();
        if (Postgres is null)
        {
            missing.Add("postgresql");
        }

        if (Redis is null)
        {
            missing.Add("redis-server");
        }

        if (Rabbit is null || Epmd is null)
        {
            missing.Add("rabbitmq-server");
        }

        if (missing.Count > 0)
        {
            throw new SplitException(
                $"missing: {string.Join(", ", missing)}. Debian, Ubuntu: apt-get install {string.Join(' ', missing)}");
        }
    }

    private static string[] Directories(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    private static string? Find(string program, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

namespace Gatehouse.Testing;

/// <summary>Finds RabbitMQ's programs: Debian's own folder, else whatever PATH offers.</summary>
internal static class RabbitBinaries
{
    // What Debian puts in PATH is for root only, and for the one broker of the machine.
    private const string Debian = "/usr/lib/rabbitmq/bin";

    private static readonly string[] InPath =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    public static string? Server { get; } = Find("rabbitmq-server", [Debian, .. InPath]);

    public static string? Epmd { get; } = Find("epmd", InPath);

    private static string? Find(string program, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

namespace Gatehouse.Split;

/// <summary>A PostgreSQL of our own, with its data in our folder.</summary>
internal sealed class Postgres(string data, int port, string password)
{
    private const string System = "postgres";
    private const string Name = "gatehouse";

    // Five modules' processes, each with up to 30 connections a module, and some to look at it.
    private const int ConnectionsMax = 250;

    private readonly string folder = Path.Combine(data, "postgres");

    public string Connection => $"Host=127.0.0.1;Port={port};Database={Name};Username={Name};Password={password}";

    public Part Server => new(
        "postgres",
        Program("postgres"),
        "-D", folder, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        "-c", $"max_connections={ConnectionsMax}")
    {
        User = System,
        End = Signal.Int,
        WhenAbandoned = Signal.Quit,
        IsReady = async cancellation => (await Child.Run(
            new Part("pg_isready", Program("pg_isready"), "-h", "127.0.0.1", "-p", $"{port}")
            {
                IsReady = Folders.Never,
            },
            cancellation)).ExitCode == 0,
        IsError = line => line.Contains(" FATAL: ", StringComparison.Ordinal) ||
            line.Contains(" PANIC: ", StringComparison.Ordinal),
    };

    /// <summary>The first time only; aside and renamed, so that a half made one is made anew.</summary>
    public async Task Initialize(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            return;
        }

        var (aside, secret) = ($"{folder}.new", Path.Combine(data, "postgres.password"));
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        await Folders.Make(aside, System, cancellation);
        Secrets.Write(secret, password);
        await Folders.Give(secret, System, cancellation);
        await Folders.Demand(
            new Part(
                "initdb", Program("initdb"),
                "-D", aside, "-U", Name, "-A", "scram-sha-256", $"--pwfile={secret}", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-instructions")
            {
                User = System,
                IsReady = Folders.Never,
            },
            "PostgreSQL cannot make its folder:",
            cancellation);
        File.Delete(secret);
        Directory.Move(aside, folder);
    }

    public async Task MakeDatabase(CancellationToken cancellation)
    {
        var (code, said) = await Child.Run(
            new Part("createdb", Program("createdb"), "-h", "127.0.0.1", "-p", $"{port}", "-U", Name, Name)
            {
                Environment = new Dictionary<string, string> { ["PGPASSWORD"] = password },
                IsReady = Folders.Never,
            },
            cancellation);
        if (code != 0 && !said.Contains("already exists", StringComparison.Ordinal))
        {
            throw new SplitException(
                $"PostgreSQL does not take the password of {Path.Combine(data, "secrets")}: {said}");
        }
    }

    private static string Program(string name) => Path.Combine(Programs.Postgres!, name);
}

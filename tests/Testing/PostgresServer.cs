using Npgsql;

namespace Gatehouse.Testing;

/// <summary>
/// A private PostgreSQL: a child process on a free loopback port with its data in a temporary folder.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const int ConnectionsMax = 200;
    private const string User = "app";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly Lazy<PostgresServer> OrdinaryServer = new(() => new PostgresServer(durable: false));

    private readonly string folder;
    private readonly bool durable;
    private ChildProcess? running;
    private volatile bool ended;
    private int databases;

    private PostgresServer(bool durable, string? disk = null)
    {
        folder = Path.Combine(disk ?? Path.GetTempPath(), $"gatehouse-postgres-{Guid.NewGuid():N}");
        this.durable = durable;
        ProcessEnd.Do(Dispose);
        try
        {
            InitializeFolder();
            StartOnFreePort();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// One for the whole test process, started when first asked for; fsync is off: never test durability on it.
    /// </summary>
    public static PostgresServer Shared
    {
        get
        {
            RequireInstalled();
            return OrdinaryServer.Value;
        }
    }

    public int Port { get; private set; }

    private ChildProcess Postmaster => running ?? throw new InvalidOperationException("PostgreSQL was not started.");

    /// <summary>
    /// One of one's own, with fsync on: for tests of durability and of faults. The caller disposes it.
    /// </summary>
    /// <param name="disk">A folder for its data in place of the temporary one.</param>
    public static PostgresServer StartDurable(string? disk = null)
    {
        RequireInstalled();
        return new PostgresServer(durable: true, disk);
    }

    public bool HasEnded => Postmaster.HasExited;

    public static void RequireInstalled() => Engine.Require(
        PostgresBinaries.Folder is not null,
        "PostgreSQL",
        "On Debian and Ubuntu: apt-get install postgresql postgresql-contrib (./test does it when it may).");

    /// <summary>Makes an empty database and answers the connection string to it.</summary>
    public string CreateDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref databases):0000}";
        Execute($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Drops it even while connections are open.</summary>
    public void DropDatabase(string connectionString) =>
        Execute($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>As if the machine lost its power: SIGKILL to the server and to every backend.</summary>
    public void Kill()
    {
        Pause();
        var family = ProcessFamily.Of(Postmaster.Id);
        family.Kill();
        Postmaster.Dispose();
        family.WaitUntilGone();
    }

    /// <summary>Starts again after <see cref="Kill"/>, on the same port and the same data.</summary>
    public void Start() => WaitUntilReady(StartPostmaster());

    /// <summary>Connections stay open and nothing answers, until <see cref="Resume"/>.</summary>
    public void Pause() => ProcessFamily.Of(Postmaster.Id).Stop();

    public void Resume() => ProcessFamily.Of(Postmaster.Id).Continue();

    public void Dispose()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        if (running is { HasExited: false })
        {
            Resume();
            // An immediate shutdown, and not SIGKILL, because it gives the shared memory back.
            running.Send(Signal.Quit);
            running.WaitForExit(TimeSpan.FromSeconds(5));
        }

        running?.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void InitializeFolder()
    {
        string[] arguments =
        [
            "-D", folder, "-U", User, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        ];
        var initdb = Run("initdb", arguments, Signal.Kill);
        if (!initdb.WaitForExit(StartWithin) || initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed.\n{initdb.Said()}");
        }

        initdb.Dispose();
    }

    private void StartOnFreePort()
    {
        // Another process may take the port between finding it free and listening on it.
        for (var attempt = 1; ; attempt++)
        {
            Port = LoopbackPort.Free();
            var postmaster = StartPostmaster();
            try
            {
                WaitUntilReady(postmaster);
                return;
            }
            catch (InvalidOperationException) when (attempt < 3 && !ended)
            {
                postmaster.Dispose();
            }
        }
    }

    private ChildProcess StartPostmaster()
    {
        string[] arguments =
        [
            "-D", folder,
            "-p", $"{Port}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", $"max_connections={ConnectionsMax}",
            .. durable
                ? []
                : (string[])["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        ];
        return Run("postgres", arguments, Signal.Quit);
    }

    private ChildProcess Run(string program, string[] arguments, Signal whenAbandoned)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return running = ChildProcess.Start(
            Path.Combine(PostgresBinaries.Folder!, program),
            arguments,
            info => info.WorkingDirectory = "/",
            whenAbandoned,
            user: "postgres");
    }

    private void WaitUntilReady(ChildProcess server)
    {
        var deadline = TimeProvider.System.GetUtcNow() + StartWithin;
        while (true)
        {
            try
            {
                Execute("SELECT 1");
                return;
            }
            catch (NpgsqlException e)
            {
                if (server.HasExited || TimeProvider.System.GetUtcNow() > deadline)
                {
                    throw new InvalidOperationException($"PostgreSQL did not start.\n{server.Said()}", e);
                }

                Thread.Sleep(20);
            }
        }
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User}";
}

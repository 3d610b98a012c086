using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Testing;

/// <summary>
/// A private RabbitMQ with a private epmd: child processes on free loopback ports with their data in a temporary
/// folder. Tests that share one keep apart by the prefix of their exchanges and queues.
/// </summary>
public sealed class RabbitServer : IDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly Lazy<RabbitServer> OrdinaryServer = new(() => new RabbitServer());
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"gatehouse-rabbit-{Guid.NewGuid():N}");
    private int distributionPort;
    private int epmdPort;
    private ChildProcess? epmd;
    private ChildProcess? running;
    private volatile bool ended;
    private int prefixes;

    private RabbitServer()
    {
        ProcessEnd.Do(Dispose);
        try
        {
            using (var made = Run("mkdir", ["-m", "700", folder]))
            {
                made.WaitForExit(StartWithin);
            }

            StartOnFreePorts();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One for the whole test process, started when first asked for; never stop it.</summary>
    public static RabbitServer Shared
    {
        get
        {
            RequireInstalled();
            return OrdinaryServer.Value;
        }
    }

    public int Port { get; private set; }

    public Uri Address => new($"amqp://guest:guest@127.0.0.1:{Port}/");

    private ChildProcess Broker => running ?? throw new InvalidOperationException("RabbitMQ was not started.");

    /// <summary>One of one's own, for tests of faults. The caller disposes it.</summary>
    public static RabbitServer StartOwn()
    {
        RequireInstalled();
        return new RabbitServer();
    }

    public static void RequireInstalled() => Engine.Require(
        RabbitBinaries.Server is not null && RabbitBinaries.Epmd is not null,
        "RabbitMQ",
        "On Debian and Ubuntu: apt-get install rabbitmq-server (./test does it when it may).");

    /// <summary>What no other test on this server was given.</summary>
    public string NewPrefix() => $"test{Interlocked.Increment(ref prefixes)}";

    /// <summary>As if the machine lost its power: SIGKILL.</summary>
    public void Kill()
    {
        var family = ProcessFamily.Of(Broker.Id);
        family.Kill();
        Broker.Dispose();
        family.WaitUntilGone();
    }

    /// <summary>Starts, after <see cref="Kill"/> on the same port and the same data.</summary>
    public void Start()
    {
        running = Run(RabbitBinaries.Server!, []);
        WaitUntilReady(running);
    }

    /// <summary>Connections stay open and nothing answers, until <see cref="Resume"/>.</summary>
    public void Pause() => ProcessFamily.Of(Broker.Id).Stop();

    public void Resume() => ProcessFamily.Of(Broker.Id).Continue();

    public void Dispose()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        if (running is { HasExited: false })
        {
            Kill();
        }

        epmd?.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void StartOnFreePorts()
    {
        // Another process may take a port between finding it free and listening on it.
        for (var attempt = 1; ; attempt++)
        {
            (Port, distributionPort, epmdPort) = (LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free());
            // In the foreground, so that it ends with the tests: the one that Erlang starts by itself stays for ever.
            epmd = Run(RabbitBinaries.Epmd!, ["-port", $"{epmdPort}", "-address", "127.0.0.1"]);
            try
            {
                Start();
                return;
            }
            catch (InvalidOperationException) when (attempt < 3 && !ended)
            {
                Broker.Dispose();
                epmd.Dispose();
            }
        }
    }

    private ChildProcess Run(string program, string[] arguments)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return ChildProcess.Start(program, arguments, Prepare, user: "rabbitmq");
    }

    private void Prepare(ProcessStartInfo info)
    {
        info.WorkingDirectory = "/";
        var environment = info.Environment;
        foreach (var name in environment.Keys.Where(IsRabbits).ToArray())
        {
            environment.Remove(name);
        }

        // The cookie of the Erlang node is made there.
        environment["HOME"] = folder;
        environment["ERL_EPMD_PORT"] = $"{epmdPort}";
        environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        // Makes the script become the server instead of waiting for it.
        environment["RUNNING_UNDER_SYSTEMD"] = "true";
        environment["RABBITMQ_NODENAME"] = "gatehouse@localhost";
        environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        environment["RABBITMQ_NODE_PORT"] = $"{Port}";
        environment["RABBITMQ_DIST_PORT"] = $"{distributionPort}";
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        environment["RABBITMQ_LOGS"] = "-";
        environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia");
        environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");
        environment["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid");
        environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq");
        environment["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "config");
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins");
    }

    private static bool IsRabbits(string name) => name.StartsWith("RABBITMQ_", StringComparison.Ordinal);

    /// <summary>It listens last of all; a client's greeting is answered then.</summary>
    private void WaitUntilReady(ChildProcess server)
    {
        var watch = Stopwatch.StartNew();
        while (!Greets())
        {
            if (server.HasExited || watch.Elapsed > StartWithin)
            {
                throw new InvalidOperationException($"RabbitMQ did not start.\n{server.Said()}");
            }

            Thread.Sleep(20);
        }
    }

    private bool Greets()
    {
        try
        {
            using var client = new TcpClient { ReceiveTimeout = 5_000 };
            client.Connect(IPAddress.Loopback, Port);
            client.GetStream().Write(ProtocolHeader);
            return client.GetStream().ReadByte() >= 0;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}

using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>
/// A private Redis: a child process on a free loopback port that writes nothing to disk. What it holds is gone with
/// <see cref="Kill"/>.
/// </summary>
public sealed class RedisServer : IDisposable
{
    private const string Program = "redis-server";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);
    private static readonly Lazy<RedisServer> OrdinaryServer = new(() => new RedisServer());
    private static readonly string? Installed = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);

    private readonly string folder = ScratchFolder.Create();
    private ChildProcess? running;
    private volatile bool ended;

    private RedisServer()
    {
        ProcessEnd.Do(Dispose);
        // Another process may take the port between finding it free and listening on it.
        for (var attempt = 1; ; attempt++)
        {
            Port = LoopbackPort.Free();
            try
            {
                Restart();
                return;
            }
            catch (InvalidOperationException) when (attempt < 3 && !ended)
            {
                running?.Dispose();
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// One for the whole test process, started when first asked for. Give each test a prefix of its own, and do it no
    /// harm.
    /// </summary>
    public static RedisServer Shared
    {
        get
        {
            RequireInstalled();
            return OrdinaryServer.Value;
        }
    }

    public int Port { get; }

    /// <summary>As StackExchange.Redis reads it, and <c>GATEHOUSE_REDIS__CONNECTION</c> with it.</summary>
    public string Connection => $"127.0.0.1:{Port}";

    /// <summary>One of one's own, to be killed and paused. The caller disposes it.</summary>
    public static RedisServer Start()
    {
        RequireInstalled();
        return new RedisServer();
    }

    public static void RequireInstalled() => Engine.Require(
        Installed is not null,
        "Redis",
        "On Debian and Ubuntu: apt-get install redis-server redis-tools (./test does it when it may).");

    /// <summary>SIGKILL: connections are reset, and everything it held is lost.</summary>
    public void Kill()
    {
        var family = ProcessFamily.Of(running!.Id);
        family.Kill();
        running.Dispose();
        running = null;
        family.WaitUntilGone();
    }

    /// <summary>Starts again after <see cref="Kill"/>, empty, on the same port.</summary>
    public void Restart()
    {
        ObjectDisposedException.ThrowIf(ended, this);
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", folder, "--save", "", "--appendonly", "no",
        ];
        running = ChildProcess.Start(Installed!, arguments);
        var deadline = TimeProvider.System.GetUtcNow() + StartWithin;
        while (!Answers())
        {
            if (running.HasExited || TimeProvider.System.GetUtcNow() > deadline)
            {
                throw new InvalidOperationException($"Redis did not start.\n{running.Said()}");
            }

            Thread.Sleep(10);
        }
    }

    /// <summary>Connections stay open and nothing answers, until <see cref="Resume"/>.</summary>
    public void Pause() => ProcessFamily.Of(running!.Id).Stop();

    public void Resume() => ProcessFamily.Of(running!.Id).Continue();

    /// <summary>Sends one command as one would type it, and answers the first line of what comes back.</summary>
    public string Type(string command)
    {
        using var client = new TcpClient("127.0.0.1", Port);
        using var stream = client.GetStream();
        stream.ReadTimeout = 5_000;
        stream.Write(Encoding.UTF8.GetBytes(command + "\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadLine() ?? "";
    }

    public void Dispose()
    {
        if (!ended)
        {
            ended = true;
            running?.Dispose();
        }
    }

    private bool Answers()
    {
        try
        {
            return Type("PING") == "+PONG";
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}

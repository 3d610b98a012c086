using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Gatehouse.Testing;

/// <summary>
/// What <c>./run --split</c> starts, in a temporary folder: gateway and modules as processes of their own on engines of
/// their own.
/// </summary>
public sealed partial class SplitDeployment : IAsyncDisposable
{
    private const int PortsEach = 16;

    // Below those that the system gives out by itself.
    private const int PortMin = 20_000;
    private const int PortMax = 30_000;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(60);

    private readonly ChildProcess child;
    private readonly int port;

    private SplitDeployment(string folder, int port, ChildProcess child)
    {
        (Folder, this.port, this.child) = (folder, port, child);
        Address = new Uri($"http://127.0.0.1:{port}");
        Client = new HttpClient { BaseAddress = Address };
    }

    /// <summary>The gateway's.</summary>
    public Uri Address { get; }

    public HttpClient Client { get; }

    public string Folder { get; }

    public string Connection =>
        $"Host=127.0.0.1;Port={port + 11};Database=gatehouse;Username=gatehouse;Password={Secret("POSTGRES")}";

    /// <summary>Of a process that joins the deployment.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["GATEHOUSE_DATABASE__PROVIDER"] = "postgres",
        ["GATEHOUSE_DATABASE__CONNECTION"] = Connection,
        ["GATEHOUSE_DATABASE__PATH"] = Path.Combine(Folder, "files"),
        ["GATEHOUSE_REDIS__CONNECTION"] = $"127.0.0.1:{port + 12},password={Secret("REDIS")}",
        ["GATEHOUSE_BROKER__CONNECTION"] = $"amqp://gatehouse:{Secret("RABBIT")}@127.0.0.1:{port + 13}/",
        ["GATEHOUSE_SECRETS__KEY"] = Secret("KEY"),
    };

    /// <summary>What the console says, so far.</summary>
    public IReadOnlyList<string> Lines => [.. child.Lines.Concat(child.Errors)];

    private static string Program => Path.Combine(
        Solution.Root, "tools", "Split", "bin", Solution.Configuration, "net10.0", "Gatehouse.Split.dll");

    /// <param name="settings">GATEHOUSE_… variables for each of its processes.</param>
    public static Task<SplitDeployment> Start(IReadOnlyDictionary<string, string> settings) =>
        Start(settings, Path.Combine(ScratchFolder.Create(), "split"), FreePorts());

    /// <summary>Another one in the place of this, which has ended: same address, same data.</summary>
    public Task<SplitDeployment> StartAgain(IReadOnlyDictionary<string, string> settings) =>
        Start(settings, Folder, port);

    private static async Task<SplitDeployment> Start(
        IReadOnlyDictionary<string, string> settings, string folder, int first)
    {
        PostgresServer.RequireInstalled();
        RedisServer.RequireInstalled();
        RabbitServer.RequireInstalled();
        var deployment = new SplitDeployment(folder, first, Launch(settings, folder, first));
        try
        {
            await Poll.Until(
                () => deployment.child.HasExited || deployment.child.Lines.Any(line => line.Contains("Ctrl-C ends")),
                StartWithin,
                "the deployment to be ready");
            return deployment.child.HasExited
                ? throw new InvalidOperationException($"It ended with exit code {deployment.child.ExitCode}.")
                : deployment;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            var said = deployment.child.Said();
            await deployment.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{said}", e);
        }
    }

    /// <summary>The id of the process that has this name at present.</summary>
    public int ProcessOf(string part)
    {
        var last = Lines.Select(line => Process().Match(line))
            .Last(match => match.Success && match.Groups["part"].Value == part);
        return int.Parse(last.Groups["id"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Processes of the system that have to do with its folder.</summary>
    public IReadOnlyList<string> Left() =>
    [
        .. Directory.GetDirectories("/proc").Select(About)
            .Where(about => about.Contains(Folder, StringComparison.Ordinal)),
    ];

    /// <summary>SIGKILL to one of its processes.</summary>
    public void Kill(string part) => _ = ChildProcess.Kill(ProcessOf(part), (int)Signal.Kill);

    /// <summary>As Ctrl-C does; answers the exit code.</summary>
    public Task<int> End()
    {
        child.Send(Signal.Term);
        return child.Exited(EndWithin);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!child.HasExited)
        {
            await End();
        }

        child.Dispose();
    }

    private static ChildProcess Launch(IReadOnlyDictionary<string, string> settings, string folder, int port)
    {
        string[] arguments =
        [
            Program, "--program", GatehouseProcess.Assembly,
            "--gateway", Path.Combine(Solution.Root, "deploy", "gateway.yaml"),
            "--data", folder, "--port", $"{port}",
        ];
        return ChildProcess.Start("dotnet", arguments, info =>
        {
            foreach (var name in info.Environment.Keys.Where(GatehouseProcess.IsOurs).ToArray())
            {
                info.Environment.Remove(name);
            }

            foreach (var (name, value) in settings)
            {
                info.Environment[name] = value;
            }
        }, Signal.Term);
    }

    private static string About(string process)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            return $"{line} in {new FileInfo(Path.Combine(process, "cwd")).LinkTarget}";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(PortMin, PortMax);
            if (Enumerable.Range(first, PortsEach).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Secret(string name) => File.ReadLines(Path.Combine(Folder, "secrets"))
        .Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    [GeneratedRegex(@"^\s*\[?(?<part>[a-z0-9-]+)\]? .*process (?<id>\d+)", RegexOptions.None, 1000)]
    private static partial Regex Process();
}

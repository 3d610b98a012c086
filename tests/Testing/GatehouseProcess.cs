using System.Net;

namespace Gatehouse.Testing;

/// <summary>The real program as a child process on a free loopback port, in a temporary working folder.</summary>
public sealed class GatehouseProcess : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);

    private readonly string folder = ScratchFolder.Create();
    private readonly ChildProcess child;
    private bool ended;

    private GatehouseProcess(IReadOnlyDictionary<string, string> settings, int? port)
    {
        Address = new Uri($"http://127.0.0.1:{port ?? LoopbackPort.Free()}");
        Client = new HttpClient { BaseAddress = Address };
        child = Launch(["serve"], settings, folder, Address);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public int Id => child.Id;

    /// <summary>Standard output so far.</summary>
    public IReadOnlyList<string> Lines => child.Lines;

    internal static string Assembly => Path.Combine(
        Solution.Root, "src", "Host", "bin", Solution.Configuration, "net10.0", "gatehouse.dll");

    /// <summary>Starts <c>gatehouse serve</c> and waits until it is ready.</summary>
    /// <param name="settings">GATEHOUSE_… variables; those of the test run itself are not passed on.</param>
    /// <param name="port">To take over the address of an instance that was killed; a free one when null.</param>
    /// <param name="cancellation">Ends the wait, and the program with it.</param>
    public static async Task<GatehouseProcess> Start(
        IReadOnlyDictionary<string, string> settings, int? port = null, CancellationToken cancellation = default)
    {
        var gatehouse = new GatehouseProcess(settings, port);
        try
        {
            await Poll.Until(gatehouse.IsReadyOrGone, ReadyWithin, "/health/ready to answer 200", cancellation);
            return gatehouse.child.HasExited
                ? throw new InvalidOperationException(
                    $"gatehouse serve ended with exit code {gatehouse.child.ExitCode}.")
                : gatehouse;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            var said = gatehouse.child.Said();
            gatehouse.Dispose();
            throw new InvalidOperationException($"{e.Message}\n{said}", e);
        }
        catch
        {
            gatehouse.Dispose();
            throw;
        }
    }

    /// <summary>Runs one command to its end, such as <c>check</c> or <c>migrate status</c>.</summary>
    public static async Task<CommandOutcome> Run(
        IReadOnlyDictionary<string, string> settings, string[] arguments, CancellationToken cancellation = default)
    {
        var workingFolder = ScratchFolder.Create();
        try
        {
            using var command = Launch(arguments, settings, workingFolder, address: null);
            var exitCode = await command.Exited(TimeSpan.FromSeconds(60), cancellation);
            return new CommandOutcome(exitCode, string.Join('\n', command.Lines), string.Join('\n', command.Errors));
        }
        finally
        {
            Directory.Delete(workingFolder, recursive: true);
        }
    }

    /// <summary>SIGKILL: no handler of the program runs.</summary>
    public void Kill()
    {
        child.Send(Signal.Kill);
        child.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Connections stay open and nothing answers, until <see cref="Resume"/>.</summary>
    public void Pause() => ProcessFamily.Of(child.Id).Stop();

    public void Resume() => ProcessFamily.Of(child.Id).Continue();

    /// <summary>SIGTERM, the polite end; answers the exit code.</summary>
    public Task<int> Terminate(TimeSpan? within = null, CancellationToken cancellation = default)
    {
        child.Send(Signal.Term);
        return child.Exited(within ?? TimeSpan.FromSeconds(30), cancellation);
    }

    public void Dispose()
    {
        if (ended)
        {
            return;
        }

        ended = true;
        Client.Dispose();
        child.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static ChildProcess Launch(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string folder, Uri? address)
    {
        if (!File.Exists(Assembly))
        {
            throw new InvalidOperationException(
                $"{Assembly} is not built: dotnet build src/Host -c {Solution.Configuration}.");
        }

        return ChildProcess.Start("dotnet", [Assembly, .. arguments], info =>
        {
            info.WorkingDirectory = folder;
            foreach (var name in info.Environment.Keys.Where(IsOurs).ToArray())
            {
                info.Environment.Remove(name);
            }

            if (address is not null)
            {
                info.Environment["GATEHOUSE_HTTP__URL"] = address.GetLeftPart(UriPartial.Authority);
            }

            foreach (var (name, value) in settings)
            {
                info.Environment[name] = value;
            }
        });
    }

    internal static bool IsOurs(string name) =>
        name.StartsWith("GATEHOUSE_", StringComparison.OrdinalIgnoreCase) ||
        name is "ASPNETCORE_URLS" or "ASPNETCORE_ENVIRONMENT" or "DOTNET_ENVIRONMENT";

    private async Task<bool> IsReadyOrGone()
    {
        if (child.HasExited)
        {
            return true;
        }

        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            using var response = await Client.GetAsync("/health/ready", patience.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>How a command ended and what it said.</summary>
public sealed record CommandOutcome(int ExitCode, string Output, string Errors);

using System.Collections;
using System.Net;

namespace Gatehouse.Split;

/// <summary>The program's own processes: what each serves, and how it finds the others.</summary>
internal sealed class Processes(
    SplitOptions options, Ports ports, string registryKey, IReadOnlyDictionary<string, string> shared)
{
    private const string Modules = "identity,ticketing,journal,notifications";

    // The shortest: on one machine a process that says nothing is gone.
    private const string LeaseSeconds = "5";

    // Longer than draining and the requests under way may take.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>What a person has set for this run goes to every process; what makes the deployment wins.</summary>
    public static Dictionary<string, string> Given()
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["GATEHOUSE_ENVIRONMENT"] = "Development",
        };
        foreach (DictionaryEntry one in Environment.GetEnvironmentVariables())
        {
            if (one is { Key: string name, Value: string value } &&
                name.StartsWith("GATEHOUSE_", StringComparison.OrdinalIgnoreCase))
            {
                given[name] = value;
            }
        }

        return given;
    }

    /// <summary>Everything at once: lays tables, queues and the demo, before its parts go apart.</summary>
    public Part FirstStart => Serving("first-start", Modules, ports.FirstStart, ("GATEHOUSE_HTTP__DRAINSECONDS", "0"));

    public IReadOnlyList<Part> All =>
    [
        Registered("identity", "identity", ports.Identity),
        Registered("ticketing-1", "ticketing", ports.TicketingOne, Identity),
        Registered("ticketing-2", "ticketing", ports.TicketingTwo, Identity),
        Registered("journal", "journal", ports.Journal, Identity),
        Registered("notifications", "notifications", ports.Notifications, Identity),
    ];

    public string GatewayUrl => $"http://localhost:{ports.Gateway}";

    public Part Gateway(string file) => Serving(
        "gateway", "gateway", ports.Gateway, Identity,
        ("GATEHOUSE_HTTP__URL", GatewayUrl),
        ("GATEHOUSE_HTTP__TRUSTEDPROXIES", ""),
        ("GATEHOUSE_GATEWAY__FILE", file),
        ("GATEHOUSE_GATEWAY__REGISTRYKEY", registryKey),
        ("GATEHOUSE_GATEWAY__DESCRIPTIONS", Descriptions));

    // Both of ticketing's: one of them may be away.
    private string Descriptions => string.Join(',', new[]
    {
        ports.Identity, ports.TicketingOne, ports.TicketingTwo, ports.Journal, ports.Notifications,
    }.Select(port => $"http://127.0.0.1:{port}/openapi/v1.json"));

    private (string, string) Identity => ("GATEHOUSE_TOKENS__IDENTITYURL", $"http://127.0.0.1:{ports.Identity}");

    private Part Registered(
        string name, string module, int port, params (string Name, string Value)[] more) => Serving(
        name, module, port,
        [
            ("GATEHOUSE_REGISTRY__URL", GatewayUrl),
            ("GATEHOUSE_REGISTRY__KEY", registryKey),
            ("GATEHOUSE_REGISTRY__ADDRESS", $"http://127.0.0.1:{port}"),
            ("GATEHOUSE_REGISTRY__LEASESECONDS", LeaseSeconds),
            .. more,
        ]);

    private Part Serving(string name, string modules, int port, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(shared, StringComparer.OrdinalIgnoreCase)
        {
            ["GATEHOUSE_MODULES"] = modules,
            ["GATEHOUSE_HTTP__URL"] = $"http://127.0.0.1:{port}",
            ["GATEHOUSE_HTTP__TRUSTEDPROXIES"] = "127.0.0.1,::1",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return new Part(name, "dotnet", options.Program, "serve")
        {
            Environment = settings,
            // Not where a file .env of somebody else's lies.
            Folder = options.Data,
            EndWithin = EndWithin,
            WhenAbandoned = Signal.Term,
            IsReady = cancellation => Answers($"http://127.0.0.1:{port}/health/ready", cancellation),
            IsError = IsError,
        };
    }

    /// <summary>Whether a module answers there, whatever it answers.</summary>
    public async Task<bool> Reaches(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await Http.GetAsync(GatewayUrl + path, cancellation);
            return (int)response.StatusCode < 500;
        }
        catch (Exception failure) when (IsAway(failure, cancellation))
        {
            return false;
        }
    }

    private static async Task<bool> Answers(string url, CancellationToken cancellation)
    {
        try
        {
            using var response = await Http.GetAsync(url, cancellation);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception failure) when (IsAway(failure, cancellation))
        {
            return false;
        }
    }

    private static bool IsAway(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested;

    // "12:00:00.000 error Category: …", or a line of JSON.
    private static bool IsError(string line) =>
        (line.Length > 21 && line[2] == ':' && line[13..].StartsWith("error ", StringComparison.Ordinal)) ||
        line.Contains(" critical ", StringComparison.Ordinal) ||
        line.Contains("\"level\":\"error\"", StringComparison.Ordinal) ||
        line.StartsWith("gatehouse: ", StringComparison.Ordinal);
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Testing;

namespace Gatehouse.Bench.Booking;

/// <summary>
/// The program as an operator runs it in Production: access log on, to a file. Two settings differ: limits are off,
/// because one machine plays all buyers, and bcrypt has the lowest cost Production allows, because accounts are not
/// what is measured.
/// </summary>
internal sealed class BoxOffice : IDisposable
{
    public const int Capacity = 1_000_000;
    public const int Buyers = 16;
    public const string Password = "a long enough passphrase";
    private const string AdminEmail = "admin@bench.example";

    private readonly HttpClient client;
    private readonly ChildProcess process;

    private BoxOffice(int port, ChildProcess process)
    {
        this.process = process;
        Endpoint = new IPEndPoint(IPAddress.Loopback, port);
        client = new HttpClient { BaseAddress = new Uri($"http://{Endpoint}") };
    }

    public IPEndPoint Endpoint { get; }

    public int ProcessId => process.Id;

    /// <summary>From the start of the program to the first 200 of /health/ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public static string EmailOf(int buyer) => $"buyer{buyer}@bench.example";

    public static Dictionary<string, string> Settings(string connection) => new(Settings())
    {
        ["GATEHOUSE_DATABASE__PROVIDER"] = "postgres",
        ["GATEHOUSE_DATABASE__CONNECTION"] = connection,
    };

    private static Dictionary<string, string> Settings() => new()
    {
        ["GATEHOUSE_SECRETS__KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["GATEHOUSE_ADMIN__EMAIL"] = AdminEmail,
        ["GATEHOUSE_ADMIN__PASSWORD"] = Password,
        ["GATEHOUSE_IDENTITY__BCRYPTCOST"] = "10",
        ["GATEHOUSE_LIMITS__ENABLED"] = "false",
    };

    public static Task<BoxOffice> Open(string connection, params (string Name, string Value)[] more) =>
        Open(Settings(connection), more);

    /// <summary>On SQLite, its files in the folder.</summary>
    public static Task<BoxOffice> OpenOnSqlite(string files) =>
        Open(Settings(), [("GATEHOUSE_DATABASE__PROVIDER", "sqlite"), ("GATEHOUSE_DATABASE__PATH", files)]);

    private static async Task<BoxOffice> Open(
        Dictionary<string, string> settings, (string Name, string Value)[] more)
    {
        var folder = ScratchFolder.Create();
        var assembly = Path.Combine(
            Solution.Root, "src", "Host", "bin", Solution.Configuration, "net10.0", "gatehouse.dll");
        var port = LoopbackPort.Free();
        settings["GATEHOUSE_HTTP__URL"] = $"http://127.0.0.1:{port}";
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        var started = Stopwatch.GetTimestamp();

        // The log goes to a file without passing through this process, which would pay for reading it.
        var child = ChildProcess.Start("sh", ["-c", "exec dotnet \"$0\" serve > gatehouse.log", assembly], info =>
        {
            info.WorkingDirectory = folder;
            foreach (var name in info.Environment.Keys.Where(IsOurs).ToArray())
            {
                info.Environment.Remove(name);
            }

            foreach (var (name, value) in settings)
            {
                info.Environment[name] = value;
            }
        });
        var office = new BoxOffice(port, child);
        try
        {
            await office.WaitUntilReady(Path.Combine(folder, "gatehouse.log"));
            office.ReadyAfter = Stopwatch.GetElapsedTime(started);
            return office;
        }
        catch
        {
            office.Dispose();
            throw;
        }
    }

    public async Task Register()
    {
        for (var buyer = 0; buyer < Buyers; buyer++)
        {
            var request = new RegisterRequest { Email = EmailOf(buyer), Password = Password };
            using var answer = await client.PostAsJsonAsync("/auth/register", request);
            await Expect(answer, HttpStatusCode.Accepted);
        }
    }

    /// <summary>Publishes a free event with a million places.</summary>
    public async Task<Guid> Publish(string name)
    {
        var starts = TimeProvider.System.GetUtcNow().AddDays(30);
        var wanted = new CreateEvent(
            name, StartAt: starts, EndAt: starts.AddHours(3), Capacity: Capacity, Status: "published");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = JsonContent.Create(wanted) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Login(AdminEmail));
        using var answer = await client.SendAsync(request);
        await Expect(answer, HttpStatusCode.Created);
        return (await answer.Content.ReadFromJsonAsync<EventView>())!.Id;
    }

    /// <summary>One whole request a buyer, each with a token of its own.</summary>
    public async Task<IReadOnlyList<byte[]>> BookingRequests(Guid eventId)
    {
        var requests = new List<byte[]>();
        for (var buyer = 0; buyer < Buyers; buyer++)
        {
            var text = $$"""
                POST /events/{{eventId}}/bookings HTTP/1.1
                Host: {{Endpoint}}
                Authorization: Bearer {{await Login(EmailOf(buyer))}}
                Content-Type: application/json
                Content-Length: 14

                {"quantity":1}
                """;
            requests.Add(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")));
        }

        return requests;
    }

    public Task<string> Token(int buyer) => Login(EmailOf(buyer));

    /// <summary>Of the organizer of all events.</summary>
    public Task<string> OrganizerToken() => Login(AdminEmail);

    /// <summary>A whole request.</summary>
    public byte[] Reading(string path, string token) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {Endpoint}\r\nAuthorization: Bearer {token}\r\n\r\n");

    public void Dispose()
    {
        client.Dispose();
        process.Send(Signal.Term);
        process.WaitForExit(TimeSpan.FromSeconds(30));
        process.Dispose();
    }

    private static bool IsOurs(string name) => name.StartsWith("GATEHOUSE_", StringComparison.OrdinalIgnoreCase);

    private async Task<string> Login(string email)
    {
        var request = new LoginRequest { Email = email, Password = Password };
        using var answer = await client.PostAsJsonAsync("/auth/login", request);
        await Expect(answer, HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<TokenGrant>())!.AccessToken;
    }

    private async Task WaitUntilReady(string log)
    {
        await Poll.Until(IsReadyOrGone, TimeSpan.FromSeconds(30), "/health/ready to answer 200");
        if (process.HasExited)
        {
            throw new InvalidOperationException(
                $"gatehouse serve ended with exit code {process.ExitCode}.\n{process.Said()}\n" +
                await File.ReadAllTextAsync(log));
        }
    }

    private async Task<bool> IsReadyOrGone()
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return process.HasExited;
        }
    }

    private static async Task Expect(HttpResponseMessage answer, HttpStatusCode status)
    {
        if (answer.StatusCode != status)
        {
            var request = answer.RequestMessage!;
            throw new InvalidOperationException(
                $"{request.Method} {request.RequestUri} answered {(int)answer.StatusCode}: " +
                await answer.Content.ReadAsStringAsync());
        }
    }
}

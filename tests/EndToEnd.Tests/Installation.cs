using System.Diagnostics;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// One database and the program on it, with an administrator, an organizer and as many buyers as a test asks for.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    private const string AdminEmail = "keeper@example.org";
    private const string OrganizerEmail = "stage@example.org";
    private const int SignUpsAtOnce = 8;

    // Half of what an access token lives.
    private static readonly TimeSpan SignInAgainAfter = TimeSpan.FromMinutes(5);

    private readonly TestDatabase? database;
    private readonly string files;
    private readonly Dictionary<string, string> settings;
    private readonly List<Api> buyers = [];
    private readonly List<string> emails = [];
    private Stopwatch signedIn = Stopwatch.StartNew();
    private readonly SemaphoreSlim signUps = new(1, 1);
    private GatehouseProcess? process;

    private Installation(TestDatabase database)
    {
        this.database = database;
        files = database.Options.Path;
        Ledger = new Ledger(database.Options);
        settings = new Dictionary<string, string>(database.Settings)
        {
            ["GATEHOUSE_SECRETS__KEY"] = Convert.ToBase64String(SecretKey),
        };
        AddUsual(settings);
    }

    private Installation(SplitDeployment split, Dictionary<string, string> given)
    {
        Split = split;
        files = Path.Combine(split.Folder, "files");
        Ledger = new Ledger(new DatabaseOptions
        {
            Provider = DatabaseProvider.Postgres,
            Connection = split.Connection,
            Path = files,
        });
        settings = new Dictionary<string, string>(given.Concat(split.Settings));
    }

    /// <summary>32 bytes, the same for all: what seals the signing key.</summary>
    public static byte[] SecretKey { get; } = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    /// <summary>Where there is but one.</summary>
    public GatehouseProcess Process =>
        process ?? throw new InvalidOperationException("A split deployment has several processes.");

    /// <summary>Null where one process is all.</summary>
    public SplitDeployment? Split { get; private set; }

    /// <summary>What clients talk to: the process, or the gateway.</summary>
    public Uri Address => Split?.Address ?? Process.Address;

    /// <summary>What was logged so far.</summary>
    public IEnumerable<string> Log => Split is null
        ? Process.Lines
        : Directory.GetFiles(Path.Combine(Split.Folder, "logs")).SelectMany(File.ReadAllLines);

    /// <summary>What seals its signing key.</summary>
    public byte[] Key => Convert.FromBase64String(settings["GATEHOUSE_SECRETS__KEY"]);

    public Ledger Ledger { get; }

    public Api Anyone => new(Client);

    /// <summary>All of its processes end and others take their places: same address, same data.</summary>
    public async Task RestartSplit()
    {
        var ended = Split ?? throw new InvalidOperationException("It has one process: Restart.");
        Assert.Equal(0, await ended.End());
        Assert.Empty(ended.Left());
        Split = await ended.StartAgain(settings);
        await ended.DisposeAsync();
        GoOn();
    }

    private HttpClient Client => Split?.Client ?? Process.Client;

    public Api Admin { get; private set; } = null!;

    public Api Organizer { get; private set; } = null!;

    /// <summary>With settings of the test's own, which win.</summary>
    public static Task<Installation> Start(
        DatabaseProvider provider, params (string Name, string Value)[] more) =>
        Start(TestDatabase.Create(provider), more);

    /// <summary>
    /// On a server of one's own, to be stopped and started; one that hangs is waited for so many seconds.
    /// </summary>
    public static Task<Installation> Start(PostgresServer server, int commandSeconds) =>
        Start(TestDatabase.CreateOn(server), ("GATEHOUSE_DATABASE__COMMANDSECONDS", $"{commandSeconds}"));

    /// <summary>On SQLite, its files on a disk that the test may fill.</summary>
    public static Task<Installation> Start(SmallDisk disk) => Start(TestDatabase.CreateOn(disk));

    /// <summary>Gateway and modules apart, and everything they need with them.</summary>
    public static async Task<Installation> StartSplit(params (string Name, string Value)[] more)
    {
        var given = new Dictionary<string, string>();
        AddUsual(given);
        foreach (var (name, value) in more)
        {
            given[name] = value;
        }

        return await WithPeople(new Installation(await SplitDeployment.Start(given), given));
    }

    /// <summary>How the operations of a module are reached, such as its jobs: below an address of its own where it is
    /// one of several processes.</summary>
    public string Of(string module) => Split is null ? "" : $"/modules/{module}";

    private static async Task<Installation> Start(TestDatabase database, params (string Name, string Value)[] more)
    {
        var installation = new Installation(database);
        foreach (var (name, value) in more)
        {
            installation.settings[name] = value;
        }

        try
        {
            installation.process = await installation.StartAnother();
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }

        return await WithPeople(installation);
    }

    private static async Task<Installation> WithPeople(Installation installation)
    {
        try
        {
            installation.Admin = await installation.LogIn(AdminEmail);
            installation.Organizer = await installation.NewOrganizer(OrganizerEmail);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// One more process on the same database, with settings of its own, which win. The caller disposes it.
    /// </summary>
    public Task<GatehouseProcess> StartAnother(int? port = null, params (string Name, string Value)[] more)
    {
        var its = new Dictionary<string, string>(settings);
        foreach (var (name, value) in more)
        {
            its[name] = value;
        }

        return GatehouseProcess.Start(its, port);
    }

    /// <summary>One command on the same database.</summary>
    public Task<CommandOutcome> Run(params string[] arguments) => GatehouseProcess.Run(settings, arguments);

    /// <summary>A process in the place of the one that ended: same address, same data.</summary>
    public async Task Restart()
    {
        var port = Process.Address.Port;
        Process.Dispose();
        process = await StartAnother(port);
        GoOn();
    }

    private void GoOn()
    {
        Admin = Admin with { Http = Client };
        Organizer = Organizer with { Http = Client };
        lock (buyers)
        {
            for (var i = 0; i < buyers.Count; i++)
            {
                buyers[i] = buyers[i] with { Http = Client };
            }
        }
    }

    public async Task<Api> Buyer() => await SignUp($"buyer-{Guid.NewGuid():N}@example.org");

    /// <summary>
    /// The same people in every test of this installation: for crowds, where who they are does not matter. In a test
    /// that takes longer than a token lives, asking again has all of them sign in again.
    /// </summary>
    public async Task<IReadOnlyList<Api>> Buyers(int count)
    {
        await signUps.WaitAsync();
        try
        {
            await SignInAgain();
            await Parallel.ForAsync(
                buyers.Count, count, new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce }, async (_, _) =>
                {
                    var email = $"buyer-{Guid.NewGuid():N}@example.org";
                    var buyer = await SignUp(email);
                    lock (buyers)
                    {
                        buyers.Add(buyer);
                        emails.Add(email);
                    }
                });
            return [.. buyers.Take(count)];
        }
        finally
        {
            signUps.Release();
        }
    }

    private async Task SignInAgain()
    {
        if (signedIn.Elapsed < SignInAgainAfter)
        {
            return;
        }

        Admin = await LogIn(AdminEmail);
        Organizer = await LogIn(OrganizerEmail);
        await Parallel.ForAsync(
            0, emails.Count, new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce }, async (i, _) =>
            {
                var buyer = await LogIn(emails[i]);
                lock (buyers)
                {
                    buyers[i] = buyer;
                }
            });
        signedIn = Stopwatch.StartNew();
    }

    public async Task<Api> NewOrganizer(string email)
    {
        var made = await GatehouseProcess.Run(
            new Dictionary<string, string>(settings) { ["GATEHOUSE_USER_PASSWORD"] = Password },
            ["user", "create", "--email", email, "--role", "organizer"]);
        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        return await LogIn(email);
    }

    public async Task<Api> SignUp(string email)
    {
        (await Anyone.Post("/auth/register", Credentials(email))).Is(202);
        return await LogIn(email);
    }

    /// <summary>With a sign-in of this moment, for what asks for a recent one.</summary>
    public Task<Api> FreshAdmin() => LogIn(AdminEmail);

    public async Task<Api> LogIn(string email) =>
        new(Client, (await Anyone.Post("/auth/login", Credentials(email))).Is(200)["accessToken"]);

    /// <summary>The files that were written for an address, oldest first.</summary>
    public IReadOnlyList<MimeMessage> MailsTo(string email)
    {
        var folder = Path.Combine(files, "mail");
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal)
                .Where(file => File.ReadAllText(file).Contains(email, StringComparison.Ordinal))
                .Select(MimeMessage.Read)]
            : [];
    }

    public static string Credentials(string email, string password = Password) =>
        $$"""{"email":"{{email}}","password":"{{password}}"}""";

    public async ValueTask DisposeAsync()
    {
        process?.Dispose();
        signUps.Dispose();
        if (Split is not null)
        {
            await Split.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private static void AddUsual(Dictionary<string, string> settings)
    {
        settings["GATEHOUSE_ENVIRONMENT"] = "Development";
        settings["GATEHOUSE_ADMIN__EMAIL"] = AdminEmail;
        settings["GATEHOUSE_ADMIN__PASSWORD"] = Password;
        settings["GATEHOUSE_IDENTITY__BCRYPTCOST"] = "4";
        settings["GATEHOUSE_LIMITS__ENABLED"] = "false";
        settings["GATEHOUSE_GATEWAY__SCANNER404MAX"] = "0";
    }
}

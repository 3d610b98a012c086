using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>How often one address may try what costs cryptography, and which address that is behind a proxy.</summary>
public sealed class LimitTests
{
    private const int PerMinute = 5;
    private const string Wrong = """{"email":"nobody@example.org","password":"not the password"}""";
    private static readonly (string, string)[] Limited =
        [("/auth/login", Wrong), ("/auth/register", "{}")];

    [Fact]
    public async Task An_address_past_its_limit_is_told_when_to_come_back()
    {
        await using var limited = await Server.Start();
        for (var spent = 1; spent <= PerMinute; spent++)
        {
            var let = await limited.Anyone.Post("/auth/login", Wrong);
            Assert.NotEqual(429, let.Status);
            Assert.Equal($"\"auth\";q={PerMinute};w=60", let.Header("RateLimit-Policy"));
            Assert.Matches($"^\"auth\";r={PerMinute - spent};t=[1-6]?[0-9]$", let.Header("RateLimit"));
        }

        // Signing up and in share the limit; signing up has a longer one as well, which is asked behind it.
        foreach (var (path, json) in Limited)
        {
            var refused = (await limited.Anyone.Post(path, json)).IsProblem(429, "rate_limited");
            Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 120);
            Assert.Matches("^\"auth\";r=0;t=[1-6]?[0-9]$", refused.Header("RateLimit"));
        }

        var refresh = (await limited.Anyone.Post("/auth/refresh", "{}")).Is(422);
        Assert.Equal("\"refresh\";q=600;w=60", refresh.Header("RateLimit-Policy"));
        var elsewhere = (await limited.Anyone.Get("/events")).Is(200);
        Assert.Equal("\"anonymous\";q=100;w=60", elsewhere.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task What_makes_us_call_or_look_up_other_machines_has_limits_of_its_own()
    {
        await using var limited = await Server.Start();
        var buyer = await limited.SignIn("buyer");
        var id = Guid.NewGuid();

        Assert.Equal("\"webhook-change\";q=30;w=60", Policy((await buyer.Post("/webhooks", "{}")).Is(422)));
        Assert.Equal("\"webhook-change\";q=30;w=60", Policy((await buyer.Patch($"/webhooks/{id}", "{}")).Is(404)));
        Assert.Equal("\"webhook-send\";q=30;w=60", Policy((await buyer.Post($"/webhooks/{id}/test", "")).Is(404)));

        static string? Policy(Answer answer) => answer.Header("RateLimit-Policy");
    }

    [Fact]
    public async Task Strangers_have_a_limit_everywhere_but_for_probes_and_people_who_signed_in_one_of_their_own()
    {
        await using var limited = await Server.Start(
            ("GATEHOUSE_LIMITS__ANONYMOUSPERMINUTE", "4"), ("GATEHOUSE_LIMITS__USERPERMINUTE", "6"));
        var (buyer, organizer) = (await limited.SignIn("buyer"), await limited.SignIn("organizer"));
        foreach (var (path, status) in new[]
        {
            ("/events", 200), ("/nothing", 404), ("/auth/me", 401), ("/openapi/v1.json", 200),
        })
        {
            Assert.Equal(status, (await limited.Anyone.Get(path)).Status);
        }

        foreach (var path in new[] { "/events", "/nothing", "/auth/me", "/openapi/v1.json" })
        {
            (await limited.Anyone.Get(path)).IsProblem(429, "rate_limited");
        }

        // At the same address: neither stopped by strangers, nor by each other.
        for (var left = 5; left >= 0; left--)
        {
            var let = (await buyer.Get("/auth/me")).Is(200);
            Assert.StartsWith($"\"user\";r={left};", let.Header("RateLimit"), StringComparison.Ordinal);
        }

        (await buyer.Get("/auth/me")).IsProblem(429, "rate_limited");
        (await organizer.Get("/auth/me")).Is(200);
        // What looks like a token counts as none.
        (await (limited.Anyone with { Token = "not.a.token" }).Get("/events")).IsProblem(429, "rate_limited");

        foreach (var probe in new[] { "/health", "/health/live", "/health/ready" })
        {
            Assert.Null((await limited.Anyone.Get(probe)).Is(200).Header("RateLimit"));
        }
    }

    [Fact]
    public async Task Tokens_from_one_address_are_checked_only_so_often()
    {
        await using var limited = await Server.Start(("GATEHOUSE_LIMITS__ADDRESSPERMINUTE", "3"));
        var forger = limited.Anyone with { Token = "not.a.token" };
        for (var i = 0; i < 3; i++)
        {
            (await forger.Get("/auth/me")).IsProblem(401, "invalid_token");
        }

        var refused = (await forger.Get("/auth/me")).IsProblem(429, "rate_limited");
        Assert.Equal("\"address\";q=3;w=60", refused.Header("RateLimit-Policy"));
        (await limited.Anyone.Get("/events")).Is(200);
    }

    [Fact]
    public async Task Instances_on_one_Redis_share_a_limit_and_without_it_each_keeps_its_part_and_stays_ready()
    {
        using var redis = RedisServer.Start();
        (string, string)[] settings =
        [
            ("GATEHOUSE_REDIS__CONNECTION", redis.Connection), ("GATEHOUSE_LIMITS__INSTANCESASSUMED", "2"),
            // A busy machine is not an outage.
            ("GATEHOUSE_REDIS__TIMEOUTMS", "3000"),
        ];
        await using var one = await Server.Start(settings);
        await using var other = await Server.Start(settings);
        foreach (var server in new[] { one, other })
        {
            await Poll.Until(async () => await Component(server) == "up", TimeSpan.FromSeconds(10), "Redis in /health");
        }

        for (var i = 0; i < PerMinute; i++)
        {
            (await (i % 2 == 0 ? one : other).LogIn("")).IsProblem(401, "invalid_credentials");
        }

        (await one.LogIn("")).IsProblem(429, "rate_limited");
        (await other.LogIn("")).IsProblem(429, "rate_limited");

        redis.Kill();
        await Poll.Until(async () => await Component(one) == "down", TimeSpan.FromSeconds(10), "the loss in /health");
        (await one.Anyone.Get("/health/ready")).Is(200);
        // Half of five.
        (await one.LogIn("")).IsProblem(401, "invalid_credentials");
        (await one.LogIn("")).IsProblem(401, "invalid_credentials");
        (await one.LogIn("")).IsProblem(429, "rate_limited");
    }

    private static async Task<string?> Component(Server server) =>
        (await server.Anyone.Get("/health")).Is(200).Json.GetProperty("components").GetProperty("redis")
            .GetProperty("status").GetString();

    [Fact]
    public async Task Switched_off_there_is_no_limit_and_no_word_of_one()
    {
        await using var open = await Server.Start(("GATEHOUSE_LIMITS__ENABLED", "false"));
        for (var i = 0; i < 3 * PerMinute; i++)
        {
            var answer = (await open.Anyone.Post("/auth/login", Wrong)).IsProblem(401, "invalid_credentials");
            Assert.Null(answer.Header("RateLimit"));
            Assert.Null(answer.Header("RateLimit-Policy"));
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.1, 127.0.0.0/8")]
    public async Task Behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(string trusted)
    {
        await using var proxied = await Server.Start(("GATEHOUSE_HTTP__TRUSTEDPROXIES", trusted));
        await Spend(proxied, _ => "203.0.113.7");

        (await proxied.LogIn("203.0.113.7")).IsProblem(429, "rate_limited");
        // The proxy appends what it saw; what stands before it is the client's own invention.
        (await proxied.LogIn("198.51.100.1, 203.0.113.7")).IsProblem(429, "rate_limited");
        (await proxied.LogIn("203.0.113.8")).IsProblem(401, "invalid_credentials");
        Assert.DoesNotContain(proxied.Lines, line => line.Contains("is not believed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_a_network_of_IPv6_is_one_client()
    {
        await using var proxied = await Server.Start(("GATEHOUSE_HTTP__TRUSTEDPROXIES", "127.0.0.1"));
        await Spend(proxied, i => $"2001:db8:1:2::{i + 1}");

        (await proxied.LogIn("2001:db8:1:2:ffff::1")).IsProblem(429, "rate_limited");
        (await proxied.LogIn("2001:db8:1:3::1")).IsProblem(401, "invalid_credentials");
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1, 10.0.0.0/8")]
    public async Task A_stranger_is_not_believed_to_be_someone_else(string trusted)
    {
        await using var direct = await Server.Start(("GATEHOUSE_HTTP__TRUSTEDPROXIES", trusted));
        await Spend(direct, i => $"203.0.113.{i}");

        (await direct.LogIn("203.0.113.200")).IsProblem(429, "rate_limited");
        Assert.Single(direct.Lines, line =>
            line.Contains("X-Forwarded-For from 127.0.0.1 is not believed", StringComparison.Ordinal));
    }

    private static async Task Spend(Server server, Func<int, string> client)
    {
        for (var i = 0; i < PerMinute; i++)
        {
            (await server.LogIn(client(i))).IsProblem(401, "invalid_credentials");
        }
    }

    /// <summary>The program with few attempts a minute; nobody has signed in yet.</summary>
    private sealed class Server(TestDatabase database, GatehouseProcess process) : IAsyncDisposable
    {
        public Api Anyone => new(process.Client);

        public IReadOnlyList<string> Lines => process.Lines;

        public static async Task<Server> Start(params (string Name, string Value)[] more)
        {
            var database = TestDatabase.Create(DatabaseProvider.Sqlite);
            var settings = new Dictionary<string, string>(database.Settings)
            {
                ["GATEHOUSE_ENVIRONMENT"] = "Development",
                ["GATEHOUSE_IDENTITY__BCRYPTCOST"] = "4",
                ["GATEHOUSE_LIMITS__AUTHPERMINUTE"] = $"{PerMinute}",
                // What is looked at here comes before any password is.
                ["GATEHOUSE_IDENTITY__GUESSESPEREMAIL"] = "1000",
                ["GATEHOUSE_IDENTITY__GUESSESPERADDRESS"] = "1000",
            };
            foreach (var (name, value) in more.Where(setting => setting.Value.Length > 0))
            {
                settings[name] = value;
            }

            return new Server(database, await GatehouseProcess.Start(settings));
        }

        /// <summary>As one of the people whom Development makes.</summary>
        public async Task<Api> SignIn(string who) => Anyone with
        {
            Token = (await Anyone.Post("/auth/login", Installation.Credentials($"{who}@example.org", "gatehouse-demo")))
                .Is(200)["accessToken"],
        };

        public Task<Answer> LogIn(string forwardedFor) =>
            Anyone.Post("/auth/login", Wrong, ("X-Forwarded-For", forwardedFor));

        public async ValueTask DisposeAsync()
        {
            process.Dispose();
            await database.DisposeAsync();
        }
    }
}

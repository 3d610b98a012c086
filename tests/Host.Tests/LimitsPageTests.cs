using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Host.Tests;

public sealed partial class LimitsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Solution.Root, "docs", "limits.md"));

    [Fact]
    [Trait("ASVS", "6.1.1")]
    public async Task Every_rate_limit_stands_in_the_table_of_the_limits_page_with_its_numbers()
    {
        using var folder = new EmptyFolder();
        var settings = Settings.Load(folder.Sources, Modules.Options, Modules.All.Select(module => module.Name));
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddGatehouse(settings)
            .AddBearerAuthentication()
            .AddGatehouseHttp(settings.Get<HttpOptions>())
            .AddJobs()
            .AddMessaging()
            .BuildServiceProvider();

        var configured = services.GetServices<LimitPolicy>().Select(Row).ToHashSet(StringComparer.Ordinal);
        var documented = TableRow().Matches(Page).Select(row => row.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.True(configured.Count >= 8, "The limits were not found.");
        Assert.True(configured.SetEquals(documented), $"""
            These are in force and not on the page:
            {string.Join('\n', configured.Except(documented))}
            These are on the page and not in force:
            {string.Join('\n', documented.Except(configured))}
            """);
    }

    private static string Row(LimitPolicy policy)
    {
        var by = policy.By switch
        {
            LimitBy.Address => "address",
            LimitBy.User => "account",
            LimitBy.Route => "route",
            _ => "key",
        };
        var how = policy.Algorithm switch
        {
            LimitAlgorithm.FixedWindow => "fixed window",
            LimitAlgorithm.SlidingWindow => "sliding window",
            _ => "token bucket",
        };
        var where = policy.PerInstance ? "each instance" : "all instances";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| `{policy.Name}` | {by} | {policy.Permits} in {policy.Window.TotalSeconds:0} s | {how} | {where} |");
    }

    [GeneratedRegex(@"^(\| `[a-z.-]+` \| \w+ \| \d+ in \d+ s \| [a-z ]+ \| [a-z ]+ \|)", RegexOptions.Multiline, 1000)]
    private static partial Regex TableRow();

    private sealed class EmptyFolder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("gatehouse-limits-").FullName;

        public SettingSources Sources => new()
        {
            ProgramFolder = path,
            CurrentFolder = path,
            Variables = new Dictionary<string, string?>
            {
                ["GATEHOUSE_DATABASE__FOLDER"] = path,
                ["GATEHOUSE_SECRETS__KEY"] = Convert.ToBase64String(new byte[32]),
            },
        };

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}

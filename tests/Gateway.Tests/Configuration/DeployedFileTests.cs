using System.Text.RegularExpressions;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Modules;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Domain;
using Gatehouse.Identity;
using Gatehouse.Journal;
using Gatehouse.Notifications;
using Gatehouse.Testing;
using Gatehouse.Ticketing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Route = Gatehouse.Gateway.Domain.Route;

namespace Gatehouse.Gateway.Tests.Configuration;

/// <summary><c>deploy/gateway.yaml</c> against the endpoints that the modules really have.</summary>
public sealed partial class DeployedFileTests
{
    private static readonly string Path = System.IO.Path.Combine(Solution.Root, "deploy/gateway.yaml");
    private static readonly IReadOnlyList<IModule> Modules =
        [new IdentityModule(), new TicketingModule(), new JournalModule(), new NotificationsModule()];

    private readonly GatewayFile file = GatewayFile.ReadFrom(Path, _ => null);

    private Snapshot Snapshot => file.Snapshot!;

    [Fact]
    public void It_has_no_faults() => Assert.Empty(file.Faults);

    [Fact]
    public async Task Every_endpoint_of_every_module_is_routed_to_those_who_register_as_that_module()
    {
        var wrong = new List<string>();
        var used = new HashSet<string>();
        foreach (var module in Modules)
        {
            var endpoints = await EndpointsOf(module);
            Assert.True(endpoints.Count > 5, $"{module.Name} has {endpoints.Count} endpoints");
            foreach (var (method, path) in endpoints)
            {
                var route = RouteOf(path, method);
                used.Add(route?.Id ?? "");
                if (route?.Cluster.Registry?.Cluster != module.Name)
                {
                    wrong.Add($"{method} {path} of {module.Name} goes to {route?.Cluster.Id ?? "nowhere"}");
                }
            }
        }

        Assert.Empty(wrong);
        // What every process has of its own, such as its health, is reached by another path.
        Assert.Empty(Snapshot.Routes.Routes.Where(route => route.Transforms.Path is null)
            .Select(route => route.Id).Except(used));
    }

    [Fact]
    public void What_is_done_to_one_event_goes_to_one_instance_of_ticketing()
    {
        var route = RouteOf("/events/7/bookings", "POST")!;

        Assert.Equal(BalancingPolicy.Hash, route.Cluster.Balancing.Policy);
        Assert.Equal("id", route.Cluster.Balancing.HashParameter);
    }

    [Fact]
    public void No_write_is_tried_again_and_every_deadline_is_above_the_modules_own() => Assert.All(
        Snapshot.Routes.Routes, route =>
        {
            Assert.All(route.Retry?.Methods ?? [], method => Assert.Equal("GET", method));
            Assert.True(route.Deadline > TimeSpan.FromSeconds(10), route.Id);
        });

    [Theory]
    [InlineData("/events/7/bookings", true)]
    [InlineData("/entries", true)]
    [InlineData("/entries/batch", true)]
    [InlineData("/events", false)]
    [InlineData("/entries/7/restore", false)]
    [InlineData("/payments/7", false)]
    [InlineData("/webhooks", false)]
    public void A_key_counts_where_the_module_reads_it(string path, bool isRead) =>
        Assert.Equal(isRead, RouteOf(path, "POST")?.Retry?.Keyed ?? false);

    private Route? RouteOf(string path, string method)
    {
        var request = new FakeRequest(path, method);
        return Snapshot.Routes.Match(in request).Route;
    }

    private static async Task<IReadOnlyList<(string Method, string Path)>> EndpointsOf(IModule module)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new DatabaseOptions());
        builder.Services.AddSingleton(new TokenOptions());
        foreach (var options in module.Options)
        {
            builder.Services.AddSingleton(options, Activator.CreateInstance(options)!);
        }

        module.AddServices(builder.Services);
        await using var app = builder.Build();
        module.MapEndpoints(app);
        return
        [
            .. from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
                   .OfType<RouteEndpoint>()
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
               select (method, Parameter().Replace(endpoint.RoutePattern.RawText!, "x").TrimEnd('/')),
        ];
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}

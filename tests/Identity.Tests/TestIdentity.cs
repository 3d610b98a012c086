using System.Net.Http.Json;
using System.Text;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Tests;

/// <summary>
/// The identity module as one process has it: its services, its database, its endpoints on a free port, a clock to
/// move.
/// </summary>
internal sealed class TestIdentity : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TestDatabase? owned;
    private readonly WebApplication app;

    private TestIdentity(WebApplication app, TestDatabase? owned)
    {
        this.app = app;
        this.owned = owned;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Http = new HttpClient { BaseAddress = new Uri(addresses.First()) };
    }

    public HttpClient Http { get; }

    public ManualTime Time => (ManualTime)Get<TimeProvider>();

    public IAccounts Accounts => Get<IAccounts>();

    public ISessions Sessions => Get<ISessions>();

    public Database Database => app.Services.GetRequiredKeyedService<Database>("identity");

    public static async Task<TestIdentity> Start(DatabaseProvider provider)
    {
        var database = TestDatabase.Create(provider);
        return await Start(database, database);
    }

    /// <summary>A process on a database that others use too.</summary>
    public static async Task<TestIdentity> Start(
        TestDatabase database,
        TestDatabase? owned = null,
        IdentityOptions? options = null,
        AdminOptions? admin = null,
        HashGate? gate = null,
        LimitsOptions? limits = null,
        HttpOptions? http = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        http ??= new HttpOptions();
        http.DrainSeconds = 0;
        builder.Services
            .AddSingleton<TimeProvider>(new ManualTime())
            .AddSingleton(database.Options)
            .AddSingleton(http)
            .AddSingleton(new SecretBox(SecretKey.Obtain(new SecretsOptions(), database.Options).Bytes))
            .AddSingleton(new TokenOptions())
            .AddSingleton(limits ?? new LimitsOptions { Enabled = false })
            .AddSingleton(new RedisOptions())
            .AddSingleton(new CachingOptions())
            .AddSingleton(admin ?? new AdminOptions())
            .AddSingleton(options ?? new IdentityOptions { BcryptCost = 4, HashQueue = 200 })
            .AddSingleton<Migrator>()
            .AddGatehouseHttp(http)
            .AddBearerAuthentication();
        var module = new IdentityModule();
        module.AddServices(builder.Services);
        if (gate is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(_ => gate));
        }

        var process = builder.Build();
        process.UseGatehouseHttp();
        module.MapEndpoints(process);
        process.MapGet("/test/organizer", () => "in").RequireAuthorization(Permissions.EventsManage);
        await process.Services.GetRequiredService<Migrator>().Up(null, CancellationToken.None);
        await process.StartAsync();
        return new TestIdentity(process, owned);
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>An account whose password is <see cref="Password"/>.</summary>
    public async Task<AccountView> AddAccount(string email, Role role = Role.User) =>
        (await Accounts.Create(email, Password, null, role, TestContext.Current.CancellationToken)).Value;

    public async Task<TokenGrant> Login(string email, string password = Password) =>
        (await Sessions.Login(
            new LoginRequest { Email = email, Password = password }, TestContext.Current.CancellationToken)).Value;

    public Task<Result<TokenGrant>> Refresh(string? refreshToken) =>
        Sessions.Refresh(new RefreshRequest { RefreshToken = refreshToken }, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> Post(string path, object body) =>
        Http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetWith(string path, string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Post(string path, string json, string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<T?> First<T>(string sql)
    {
        await using var session = await Database.Read(TestContext.Current.CancellationToken);
        return await session.QueryFirst<T>(sql);
    }

    public async Task<long> Count(string sql)
    {
        await using var session = await Database.Read(TestContext.Current.CancellationToken);
        return await session.QueryFirst<long>(sql);
    }

    public async Task Execute(string sql, object? args = null)
    {
        await using var unit = await Database.Begin(TestContext.Current.CancellationToken);
        await unit.Execute(sql, args);
        await unit.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }
}

using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Modules;
using Gatehouse.Identity.Http;
using Gatehouse.Identity.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Identity.Sql;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity;

/// <summary>Accounts, passwords, sessions and the tokens that prove them.</summary>
public sealed class IdentityModule : IModule
{
    internal const string Key = "identity";

    public string Name => Key;

    public IReadOnlyList<Type> Options { get; } = [typeof(IdentityOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(Key, typeof(IdentityModule).Assembly);
        services.AddJson(IdentityJson.Default);

        services.AddSingleton<IUserRepository, UserRepository>();
        services.AddSingleton<ISessionRepository, SessionRepository>();
        services.AddSingleton<ISignInRepository, SignInRepository>();
        services.AddSingleton<IOwnSessionRepository, OwnSessionRepository>();
        services.AddSingleton<ISigningKeyRepository, SigningKeyRepository>();

        services.AddSingleton(provider => new HashGate(
            Environment.ProcessorCount, provider.GetRequiredService<IdentityOptions>().HashQueue));
        services.AddSingleton<IRequestRules<RegisterRequest>, RegisterRules>();
        services.AddSingleton<IRequestRules<LoginRequest>, LoginRules>();
        services.AddSingleton<PasswordService>();
        services.AddSingleton<SigningKeyService>();
        services.AddSingleton<ITokenKeys>(provider => provider.GetRequiredService<SigningKeyService>());
        services.AddSingleton<AccessTokenService>();
        services.AddSingleton<IAccounts, AccountService>();
        services.AddSingleton<ISessions, SessionService>();
        services.AddSingleton<ISecondFactorRepository, SecondFactorRepository>();
        services.AddSingleton<SecondFactorCheck>();
        services.AddSingleton<ISecondFactors, SecondFactorService>();
        services.AddRateLimit(_ => SecondFactorEndpoints.CodeLimit);
        services.AddSingleton<IOwnSessions, OwnSessionService>();
        services.AddSingleton<CredentialService>();
        services.AddSingleton<SessionCookies>();
        GuessLimits.Add(services);
        services.AddSingleton<RecentSignIn>();
        services.AddSingleton<SessionCache>();
        services.AddSingleton<ISessionStateRepository, SessionStateRepository>();
        services.AddSingleton<ISessionChecks, SessionCheckService>();
        services.AddSessionCheckLimits();
        services.AddSingleton<IOldSessionRepository, OldSessionRepository>();
        services.AddSchedule<PruneSessionsSchedule>();
        services.AddSingleton<IDemoData, IdentityDemo>();
        services.AddSingleton<FirstStart>();
        services.AddHostedService(provider => provider.GetRequiredService<FirstStart>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<FirstStart>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<SigningKeyService>());
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAuth();
        endpoints.MapSecondFactor();
        endpoints.MapOwnSessions();
        endpoints.MapSessionCheck();
        endpoints.MapTokenKeys();
    }
}

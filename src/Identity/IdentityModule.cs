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
        services.AddSingleton<ISigningKeyRepository, SigningKeyRepository>();

        services.AddSingleton(provider => new HashGate(
            Environment.ProcessorCount, provider.GetRequiredService<IdentityOptions>().HashQueue));
        services.AddSingleton<IRequestRules<RegisterRequest>, RegisterRules>();
        services.AddSingleton<IRequestRules<LoginRequest>, LoginRules>();
        services.AddSingleton<PasswordService>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<SigningKeyService>();
        services.AddSingleton<KeyRotationService>();
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<KeyRotationService>());
        services.AddSchedule<RotateKeysSchedule>();
        services.AddHostedService<SigningKeyReload>();
        services.AddSingleton<ITokenKeys>(provider => provider.GetRequiredService<SigningKeyService>());
        services.AddSingleton<AccessTokenService>();
        services.AddSingleton<IAccounts, AccountService>();
        services.AddSingleton<ISessions, SessionService>();
        services.AddSingleton<ISecondFactorRepository, SecondFactorRepository>();
        services.AddSingleton<SecondFactorCheck>();
        services.AddSingleton<ISecondFactors, SecondFactorService>();
        services.AddRateLimit(_ => SecondFactorEndpoints.CodeLimit);
        services.AddSingleton<RecentSignIn>();
        services.AddSingleton<SessionCache>();
        services.AddSingleton<ISessionStateRepository, SessionStateRepository>();
        services.AddSingleton<ISessionChecks, SessionCheckService>();
        services.AddSessionCheckLimits();
        services.AddSingleton<IManagedUserRepository, ManagedUserRepository>();
        services.AddSingleton<IRequestRules<ChangeUser>, ChangeUserRules>();
        services.AddSingleton<IUsers, UserService>();
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
        endpoints.MapSessionCheck();
        endpoints.MapUsers();
        endpoints.MapTokenKeys();
    }
}

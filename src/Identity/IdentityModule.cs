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
        AddPasswords(services);
        AddAccounts(services);
        AddOwnAccount(services);
        AddSessions(services);
        AddSecondFactor(services);
        AddTokens(services);
        AddUsers(services);
        services.AddSingleton<IDemoData, IdentityDemo>();
        services.AddSingleton<FirstStart>();
        services.AddHostedService(provider => provider.GetRequiredService<FirstStart>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<FirstStart>());
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAuth();
        endpoints.MapOwnAccount();
        endpoints.MapLinks();
        endpoints.MapSecondFactor();
        endpoints.MapOwnSessions();
        endpoints.MapSessionCheck();
        endpoints.MapUsers();
        endpoints.MapTokenKeys();
    }

    private static void AddPasswords(IServiceCollection services)
    {
        services.AddSingleton(provider => new HashGate(
            Environment.ProcessorCount, provider.GetRequiredService<IdentityOptions>().HashQueue));
        services.AddSingleton<PasswordService>();
        services.AddSingleton<CommonPasswords>();
        services.AddSingleton<PasswordStrength>();
        services.AddSingleton<BreachedPasswords>();
        services.AddHostedService(provider => provider.GetRequiredService<BreachedPasswords>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<BreachedPasswords>());
        services.AddSingleton<ChosenPasswords>();
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<IUserRepository, UserRepository>();
        services.AddSingleton<IAccounts, AccountService>();
        services.AddSingleton<IRequestRules<RegisterRequest>, RegisterRules>();
    }

    private static void AddOwnAccount(IServiceCollection services)
    {
        services.AddSingleton<IAccountLinkRepository, AccountLinkRepository>();
        services.AddSingleton<IOwnAccountRepository, OwnAccountRepository>();
        services.AddSingleton<IRequestRules<EmailRequest>, EmailRules>();
        services.AddSingleton<IRequestRules<ResetPasswordRequest>, ResetPasswordRules>();
        services.AddSingleton<IRequestRules<ChangePasswordRequest>, ChangePasswordRules>();
        services.AddSingleton<IRequestRules<UpdateOwnAccount>, UpdateOwnAccountRules>();
        services.AddSingleton<MailedLinks>();
        services.AddSingleton<MailLimit>();
        services.AddSingleton<IEmailVerification, EmailVerificationService>();
        services.AddSingleton<IPasswordReset, PasswordResetService>();
        services.AddSingleton<IOwnAccount, OwnAccountService>();
        services.AddSingleton<LinkWishService>();
        services.AddJob<MailLinkJob>();
        services.AddSchedule<PruneLinksSchedule>();
        services.AddSingleton<IZonesToTellRepository, ZonesToTellRepository>();
        services.AddSchedule<TellZonesSchedule>();
        services.AddRateLimit(provider => MailLimit.Policy(provider.GetRequiredService<IdentityOptions>()));
        services.AddRateLimit(provider => LinkEndpoints.LinkLimit(provider.GetRequiredService<IdentityOptions>()));
        services.AddRateLimit(
            provider => LinkEndpoints.RegistrationLimit(provider.GetRequiredService<IdentityOptions>()));
        services.AddRateLimit(_ => AccountEndpoints.ChangeEmailLimit);
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<ISessionRepository, SessionRepository>();
        services.AddSingleton<ISignInRepository, SignInRepository>();
        services.AddSingleton<IOwnSessionRepository, OwnSessionRepository>();
        services.AddSingleton<IOldSessionRepository, OldSessionRepository>();
        services.AddSingleton<IRequestRules<LoginRequest>, LoginRules>();
        services.AddSingleton<CredentialService>();
        services.AddSingleton<SessionCookies>();
        GuessLimits.Add(services);
        RefreshLimit.Add(services);
        services.AddSingleton<ISessions, SessionService>();
        services.AddSingleton<IOwnSessions, OwnSessionService>();
        services.AddSingleton<RecentSignIn>();
        services.AddSchedule<PruneSessionsSchedule>();
        services.AddSchedule<PruneDevicesSchedule>();
    }

    private static void AddSecondFactor(IServiceCollection services)
    {
        services.AddSingleton<ISecondFactorRepository, SecondFactorRepository>();
        services.AddSingleton<SecondFactorCheck>();
        services.AddSingleton<ISecondFactors, SecondFactorService>();
        services.AddRateLimit(_ => SecondFactorEndpoints.CodeLimit);
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<ISigningKeyRepository, SigningKeyRepository>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<SigningKeyService>();
        services.AddSingleton<KeyRotationService>();
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<KeyRotationService>());
        services.AddSchedule<RotateKeysSchedule>();
        services.AddHostedService<SigningKeyReload>();
        services.AddSingleton<ITokenKeys>(provider => provider.GetRequiredService<SigningKeyService>());
        services.AddSingleton<IStartCheck>(provider => provider.GetRequiredService<SigningKeyService>());
        services.AddSingleton<AccessTokenService>();
        services.AddSingleton<SessionCache>();
        services.AddSingleton<ISessionStateRepository, SessionStateRepository>();
        services.AddSingleton<ISessionChecks, SessionCheckService>();
        services.AddSessionCheckLimits();
    }

    private static void AddUsers(IServiceCollection services)
    {
        services.AddSingleton<IManagedUserRepository, ManagedUserRepository>();
        services.AddSingleton<IRequestRules<ChangeUser>, ChangeUserRules>();
        services.AddSingleton<IUsers, UserService>();
    }
}

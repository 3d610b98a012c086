using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Services;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Tests.Services;

public sealed class HungUpLoginTests
{
    private const string Email = "ada@example.org";

    [OnEveryDatabase]
    [Trait("ASVS", "16.3.1")]
    public async Task What_a_password_came_to_is_noted_when_its_sender_has_hung_up(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var options = new IdentityOptions { BcryptCost = 4, RequireVerifiedEmail = true };
        await using var identity = await TestIdentity.Start(database, options: options);
        await identity.AddAccount(Email);
        await identity.Execute("UPDATE users SET email_verified_at = NULL");
        foreach (var (password, action) in new[]
        {
            ("wrong password", "login.failed"),
            (TestIdentity.Password, "login.unverified"),
        })
        {
            using var hungUp = new CancellationTokenSource();
            await HangingUp(identity, options, hungUp)
                .Login(new LoginRequest { Email = Email, Password = password }, hungUp.Token);

            Assert.True(hungUp.IsCancellationRequested);
            Assert.Equal(1, await identity.Count($"SELECT count(*) FROM audit_log WHERE action = '{action}'"));
        }
    }

    /// <summary>The service whose caller is gone by the time the password has been verified.</summary>
    private static SessionService HangingUp(
        TestIdentity identity, IdentityOptions options, CancellationTokenSource hungUp) => new(
            identity.Get<IUserRepository>(),
            identity.Get<ISignInRepository>(),
            identity.Get<ISessionRepository>(),
            new CredentialService(
                identity.Get<IUserRepository>(),
                new PasswordService(identity.Get<HashGate>(), [new Watched(4, _ => hungUp.Cancel())]),
                identity.Get<SecondFactorCheck>()),
            identity.Get<GuessLimits>(),
            identity.Get<RefreshLimit>(),
            identity.Get<AccessTokenService>(),
            identity.Get<SessionCache>(),
            options,
            identity.Time,
            identity.Get<ILogger<SessionService>>());
}

using System.Net;
using System.Security.Cryptography;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Services;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class SigningKeyServiceTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Processes_that_start_at_once_sign_with_one_key(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestIdentity.Start(database)));
        await all[0].AddAccount("ada@example.org");

        var login = await all[0].Login("ada@example.org");

        foreach (var identity in all)
        {
            Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/auth/me", login.AccessToken)).StatusCode);
        }

        Assert.Equal(1, await all[0].Count("SELECT COUNT(*) FROM signing_keys"));
        foreach (var identity in all)
        {
            await identity.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_private_key_is_sealed_and_another_secret_says_so()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var keys = identity.Get<ISigningKeyRepository>();
        var options = identity.Get<IdentityOptions>();
        var maker = new KeyMaker(
            options, new SecretBox(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes)), identity.Time);
        using var other = new SigningKeyService(keys, maker, options, identity.Time);

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await other.Signer(cancellation));

        Assert.Contains("GATEHOUSE_SECRETS__KEY", failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("v1.", (await keys.All(cancellation))[0].SealedPrivateKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_made_by_another_process_is_found_after_at_most_30_seconds()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var keys = identity.Get<ITokenKeys>();
        await identity.Execute("""
            INSERT INTO signing_keys (
                kid, algorithm, public_key, private_key, created_at, activates_at, retired_at)
            SELECT 'other', algorithm, public_key, private_key, created_at, activates_at, activates_at
            FROM signing_keys
            """);

        Assert.Null(await keys.Find("other", cancellation));
        identity.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.NotNull(await keys.Find("other", cancellation));
    }
}

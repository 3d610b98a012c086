using System.Security.Cryptography;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class PasswordServiceTests : IDisposable
{
    private const string Right = "correct horse";
    private readonly HashGate gate = new(workers: 2, queue: 20);
    private readonly BcryptScheme bcrypt = new(cost: 4);
    private readonly Pbkdf2Scheme pbkdf2 = new();

    public void Dispose() => gate.Dispose();

    [Fact]
    public void Bcrypt_is_the_one_of_the_published_vectors()
    {
        RequireBcrypt();
        Assert.Equal(
            "$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a",
            BcryptScheme.Crypt("U*U*U", "$2b$05$XXXXXXXXXXXXXXXXXXXXXO"));
    }

    [Fact]
    public async Task Bcrypt_agrees_with_htpasswd()
    {
        RequireBcrypt();
        var cancellation = TestContext.Current.CancellationToken;
        var line = await Tool.Run(
            "htpasswd", "apache2-utils", cancellation, "-nbBC", "5", "ada", "correct horse battery");
        // One algorithm under two names: 2y is what Apache calls it.
        var theirs = line["ada:".Length..].Replace("$2y$", "$2b$", StringComparison.Ordinal);
        Assert.Equal(theirs, BcryptScheme.Crypt("correct horse battery", theirs));

        var ours = bcrypt.Hash("any password, however long");
        var phrase = Convert.ToBase64String(HMACSHA384.HashData(
            "gatehouse/identity/password/v1"u8.ToArray(), "any password, however long"u8.ToArray()));
        var file = Path.Combine(ScratchFolder.Create(), "passwords");
        await File.WriteAllTextAsync(
            file, $"ada:{ours["hmac384-bcrypt:".Length..].Replace("$2b$", "$2y$", StringComparison.Ordinal)}\n",
            cancellation);
        // It ends with an error unless the phrase is right.
        await Tool.Run("htpasswd", "apache2-utils", cancellation, "-vb", file, "ada", phrase);
    }

    [Theory]
    [Trait("ASVS", "6.2.8")]
    [Trait("ASVS", "6.2.9")]
    [InlineData(90)]
    [InlineData(127)]
    [InlineData(0)]
    public void Every_byte_of_a_long_password_counts(int differsAt)
    {
        RequireBcrypt();
        var one = new string('x', 128);
        var other = one[..differsAt] + 'y' + one[(differsAt + 1)..];
        var stored = bcrypt.Hash(one);

        Assert.True(bcrypt.Verify(one, stored));
        Assert.False(bcrypt.Verify(other, stored));
    }

    [Fact]
    public void What_follows_a_zero_byte_counts()
    {
        RequireBcrypt();
        Assert.False(bcrypt.Verify("before\0other", bcrypt.Hash("before\0after")));
    }

    [Fact]
    public void Both_schemes_verify_and_salt()
    {
        RequireBcrypt();
        foreach (IPasswordScheme scheme in new IPasswordScheme[] { bcrypt, pbkdf2 })
        {
            var stored = scheme.Hash("correct horse");

            Assert.True(scheme.Made(stored));
            Assert.True(scheme.Verify("correct horse", stored));
            Assert.False(scheme.Verify("correct horsf", stored));
            Assert.NotEqual(stored, scheme.Hash("correct horse"));
        }
    }

    [Fact]
    public void The_dummy_is_a_whole_hash_of_todays_cost_that_nothing_verifies()
    {
        RequireBcrypt();
        foreach (IPasswordScheme scheme in new IPasswordScheme[] { bcrypt, pbkdf2 })
        {
            Assert.True(scheme.Made(scheme.Dummy()));
            Assert.False(scheme.IsWeak(scheme.Dummy()));
            Assert.Equal(scheme.Hash("x").Length, scheme.Dummy().Length);
            Assert.False(scheme.Verify("", scheme.Dummy()));
        }
    }

    [Fact]
    public async Task What_is_weaker_than_today_is_right_but_to_be_hashed_again()
    {
        RequireBcrypt();
        var stronger = new BcryptScheme(cost: 5);
        var service = new PasswordService(gate, [stronger, pbkdf2]);

        Assert.Equal(PasswordVerdict.Right, await Verify(service, Right, stronger.Hash(Right)));
        Assert.Equal(PasswordVerdict.RightButWeak, await Verify(service, Right, bcrypt.Hash(Right)));
        Assert.Equal(PasswordVerdict.RightButWeak, await Verify(service, Right, pbkdf2.Hash(Right)));
        Assert.Equal(PasswordVerdict.Wrong, await Verify(service, "wrong horse", bcrypt.Hash(Right)));
        Assert.Equal(PasswordVerdict.Wrong, await Verify(service, Right, null));
    }

    [Fact]
    [Trait("ASVS", "6.3.8")]
    public async Task A_wrong_password_is_as_much_work_for_a_hash_of_lower_cost_as_for_nobody()
    {
        RequireBcrypt();
        var work = 0;
        var service = new PasswordService(gate, [new Watched(7, stored => work += 1 << Watched.CostOf(stored))]);
        foreach (var stored in new[] { null, new BcryptScheme(7).Hash(Right), bcrypt.Hash(Right) })
        {
            work = 0;
            Assert.Equal(PasswordVerdict.Wrong, await Verify(service, "wrong horse", stored));
            Assert.Equal(1 << 7, work);
        }
    }

    [Fact]
    public async Task What_cost_more_than_today_is_to_be_hashed_again_too()
    {
        RequireBcrypt();
        var service = new PasswordService(gate, [bcrypt, pbkdf2]);
        Assert.Equal(PasswordVerdict.RightButWeak, await Verify(service, Right, new BcryptScheme(5).Hash(Right)));
    }

    private static async Task<PasswordVerdict> Verify(PasswordService service, string typed, string? stored) =>
        (await service.Verify(
            Password.Typed(typed, new Faults())!, stored, TestContext.Current.CancellationToken)).Value;

    private static void RequireBcrypt() =>
        Assert.SkipUnless(BcryptScheme.IsAvailable, "libcrypt.so.1 is not installed.");
}

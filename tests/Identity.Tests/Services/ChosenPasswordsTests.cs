using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Identity.Tests.Services;

public sealed class ChosenPasswordsTests : IDisposable
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly IdentityOptions options = new() { BcryptCost = 4 };
    private readonly HashGate gate = new(workers: 1, queue: 20);
    private readonly string folder = ScratchFolder.Create();
    private readonly CommonPasswords common = new();
    private readonly PasswordStrength strength = new();

    public void Dispose()
    {
        gate.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("ASVS", "6.2.4")]
    [Trait("ASVS", "6.2.12")]
    public void Each_of_the_3000_most_common_passwords_that_are_long_enough_is_refused()
    {
        using var list = new StreamReader(
            typeof(Zxcvbn.Zxcvbn).Assembly.GetManifestResourceStream("zxcvbn-core.Dictionaries.passwords.lst")!);
        var first = list.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length >= 8).Take(3_000).ToList();

        Assert.Equal(3_000, first.Count);
        Assert.All(first, password => Assert.StartsWith(
            "is one of the most common passwords", FaultOf(password), StringComparison.Ordinal));
        Assert.StartsWith("is one of the most common passwords", FaultOf("PassWord123"), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("ASVS", "6.2.5")]
    [InlineData("only lower case words here")]
    [InlineData("ONLYUPPERCASEHERETOO")]
    [InlineData("8315602749516038")]
    [InlineData("пароль-密码-סיסמה")]
    [InlineData(" ? ! . , ; : - _ ( ) ")]
    public void No_kind_of_character_is_asked_for(string password) => Assert.Null(FaultOf(password));

    [Theory]
    [InlineData("aaaaaaaaaaaaaaa bbb", "it repeats a character")]
    [InlineData("xqxqxqxqxqxqxqxqxqxqxqxqxqxqxqxq", "it repeats itself")]
    [InlineData("🦊🦊🦊🦊🦊🦊🦊🦊", "it repeats itself")]
    [InlineData("abcdefghijk", "it follows the alphabet, or counts")]
    [InlineData("vbnm,./;lkj", "it follows the keys of a keyboard")]
    [InlineData("17.11.1985", "it is a date")]
    [InlineData("P@ssw0rd!!", "it is close to a common password")]
    [InlineData("elephants", "it is made of too few words")]
    [InlineData("ada@example.org", "it is made of the address, the name or the name of this program")]
    [InlineData("lovelace1815", "it is made of the address, the name or the name of this program")]
    [InlineData("Gatehouse2026", "it is made of the address, the name or the name of this program")]
    public void What_is_guessed_soon_is_refused_with_a_hint(string password, string reason)
    {
        var fault = FaultOf(password);

        Assert.Equal($"is too easy to guess: {reason}; a few uncommon words make a good one", fault);
    }

    [Fact]
    public async Task A_refusal_names_the_field_and_does_not_repeat_the_password()
    {
        var refused = await Passwords().Hash(
            Chosen("hunter2hunter2"), "a@example.org", null, "newPassword", cancellation);

        Assert.Equal("validation_failed", refused.Problem?.Code.Name);
        Assert.Equal(["newPassword"], refused.Problem!.Errors.Keys);
        Assert.DoesNotContain("hunter2", refused.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void A_breached_password_is_found_wherever_it_stands_in_the_list(string lineEnd)
    {
        var breached = Enumerable.Range(0, 2_000).Select(i => $"a passphrase that leaked, {i}").ToList();
        Write("list.txt", breached, lineEnd);
        options.BreachListFolder = folder;

        var lists = new BreachedPasswords(options);

        Assert.All(breached, password => Assert.True(lists.Contains(password)));
        Assert.All(breached, password => Assert.False(lists.Contains(password + "!")));
        Assert.Equal("was found in a breach of another site; take one that you have used nowhere else",
            FaultOf(breached[7]));
    }

    [Fact]
    public void Several_lists_and_lists_of_one_or_two_lines_are_searched()
    {
        Write("a.txt", ["one and only passphrase"], "");
        Write("b.txt", ["first of two passphrases", "second of two passphrases"], "\n");
        options.BreachListFolder = folder;
        var lists = new BreachedPasswords(options);

        Assert.True(lists.Contains("one and only passphrase"));
        Assert.True(lists.Contains("first of two passphrases"));
        Assert.True(lists.Contains("second of two passphrases"));
        Assert.False(lists.Contains("third of two passphrases"));
    }

    [Fact]
    public async Task A_list_that_vanished_or_is_none_lets_no_password_pass()
    {
        options.BreachListFolder = folder;
        File.WriteAllText(Path.Combine(folder, "list.txt"), new string('x', 10_000));
        Assert.Equal("unavailable", (await Hash("only lower case words here")).Problem?.Code.Name);

        options.BreachListFolder = Path.Combine(folder, "moved away");
        Assert.Equal("unavailable", (await Hash("only lower case words here")).Problem?.Code.Name);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("no list at all\n", "has no line 'SHA-1")]
    [InlineData(
        "0000000000000000000000000000000000000002:1\n0000000000000000000000000000000000000001:1\n", "not ordered")]
    [InlineData("000000000000000000000000000000ab:1\n", "has no line 'SHA-1")]
    [InlineData(null, "has 0 files *.txt")]
    public async Task A_list_that_is_none_stops_the_start(string? text, string reason)
    {
        if (text is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "list.txt"), text, cancellation);
        }

        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        options.BreachListFolder = folder;

        var stopped = await Assert.ThrowsAsync<StartupException>(() => TestIdentity.Start(database, options: options));

        Assert.Contains(reason, stopped.Message, StringComparison.Ordinal);
        var faults = await new BreachedPasswords(options).Faults(readable: false, cancellation);
        Assert.Contains(reason, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_administrator_needs_a_password_as_good_as_anyones()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        var admin = new AdminOptions { Email = "root@example.org", Password = "administrator" };

        var stopped = await Assert.ThrowsAsync<StartupException>(
            () => TestIdentity.Start(database, options: options, admin: admin));

        Assert.Contains("GATEHOUSE_ADMIN__PASSWORD is", stopped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("administrator\"", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ASVS", "6.2.1")]
    public async Task A_minimum_of_15_characters_is_kept_where_it_is_set()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        options.PasswordMin = 15;
        await using var identity = await TestIdentity.Start(database, options: options);

        foreach (var (password, status) in new[] { ("fjord quibble z", 202), ("fjord quibble ", 422) })
        {
            var answer = await identity.Post("/auth/register", new { email = $"a{status}@example.org", password });
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    private static Password Chosen(string text) => Password.Choose(text, 8, new Faults())!;

    private string? FaultOf(string password) =>
        Passwords().Fault(Chosen(password), "ada@example.org", "Ada Lovelace");

    private Task<Result<string>> Hash(string password) =>
        Passwords().Hash(Chosen(password), "ada@example.org", null, "password", cancellation);

    private ChosenPasswords Passwords() => new(
        new PasswordService(gate, options),
        common,
        new BreachedPasswords(options),
        strength,
        NullLogger<ChosenPasswords>.Instance);

    private void Write(string name, IEnumerable<string> passwords, string lineEnd) => File.WriteAllText(
        Path.Combine(folder, name),
        string.Concat(passwords
            .Select((password, i) => $"{Hex(password)}:{i * i}{lineEnd}")
            .Order(StringComparer.Ordinal)));

    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Security", "CA5350", Justification = "What the published lists hold.")]
    private static string Hex(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
}

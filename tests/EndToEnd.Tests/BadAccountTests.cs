namespace Gatehouse.EndToEnd.Tests;

/// <summary>Registration and login, with what people and attackers type.</summary>
public sealed class BadAccountTests(Installations installations)
{
    [InEveryTopology]
    public async Task Two_registrations_of_one_address_at_once_make_one_account(Topology topology)
    {
        var installation = await installations.On(topology);
        var email = $"twins-{Guid.NewGuid():N}@example.org";
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            installation.Anyone.Post("/auth/register", Installation.Credentials(email, $"passphrase of twin {i}"))));

        Assert.Single(answers.Select(answer => answer.Is(202).Text).Distinct());
        Assert.Equal(1, await installation.Ledger.Accounts(email));
        var logins = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            installation.Anyone.Post("/auth/login", Installation.Credentials(email, $"passphrase of twin {i}"))));
        Assert.Single(logins, login => login.Status == 200);
        Assert.All(logins.Where(login => login.Status != 200), login => login.IsProblem(401, "invalid_credentials"));
    }

    [InEveryTopology]
    public async Task One_address_in_several_spellings_is_one_account(Topology topology)
    {
        var installation = await installations.On(topology);
        var name = $"spelt-{Guid.NewGuid():N}";
        var kept = $"{name}@xn--bcher-kva.example";
        string[] spellings =
            [$"{name}@Bücher.example", $"  {name.ToUpperInvariant()}@BÜCHER.EXAMPLE ", kept,
                $"{name}@bu\u0308cher.example"];
        foreach (var spelling in spellings)
        {
            var receipt = (await installation.Anyone.Post("/auth/register", Installation.Credentials(spelling)))
                .Is(202);
            Assert.Equal(kept, receipt["email"]);
        }

        Assert.Equal(1, await installation.Ledger.Accounts(kept));
        foreach (var spelling in spellings)
        {
            await installation.LogIn(spelling);
        }
    }

    [InEveryTopology]
    public async Task An_address_that_is_none_is_refused_by_name(Topology topology)
    {
        var installation = await installations.On(topology);
        string[] addresses =
        [
            "", " ", "nobody", "@example.org", "a@", "a@b@example.org", "a b@example.org", "a@example", "a@.org",
            "a@example..org",
            "a\\u0000@example.org", "a\\r\\nBcc: b@example.org", "a\\u200b@example.org", "\\ud83d@example.org",
            $"{new string('a', 65)}@example.org", $"a@{new string('b', 250)}.org",
        ];
        foreach (var address in addresses)
        {
            var answer = await installation.Anyone.Post("/auth/register", Installation.Credentials(address));
            answer.IsProblem(422, "validation_failed", "email");
        }
    }

    [InEveryTopology]
    public async Task A_password_is_refused_for_its_length_its_weakness_and_for_what_cannot_be_typed_again(
        Topology topology)
    {
        var installation = await installations.On(topology);
        string[] refused =
        [
            "", "seven77", new string('a', 129), new string('a', 200), new string('a', 5_000), "before\\u0000after",
            "half \\ud83d of it", "password123", new string('a', 128),
        ];
        foreach (var password in refused)
        {
            var email = $"refused-{Guid.NewGuid():N}@example.org";
            (await installation.Anyone.Post("/auth/register", Installation.Credentials(email, password)))
                .IsProblem(422, "validation_failed", "password");
            Assert.Equal(0, await installation.Ledger.Accounts(email));
        }
    }

    [InEveryTopology]
    [Trait("ASVS", "6.2.8")]
    [Trait("ASVS", "6.2.9")]
    public async Task A_password_of_any_characters_is_taken_as_it_was_typed(Topology topology)
    {
        var installation = await installations.On(topology);
        var words = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"quib{i * 37}"));
        string[] taken =
            ["xkvbwmtq", words[..128], words[..100], "🦊🐻🐼🦁🐯🐨🐸🐙", " spaces stay ", "пароль-密码-סיסמה"];
        foreach (var password in taken)
        {
            var email = $"taken-{Guid.NewGuid():N}@example.org";
            (await installation.Anyone.Post("/auth/register", Installation.Credentials(email, password))).Is(202);
            (await installation.Anyone.Post("/auth/login", Installation.Credentials(email, password))).Is(200);
            // Long passwords differ beyond bcrypt's 72 bytes, and spaces count.
            (await installation.Anyone.Post("/auth/login", Installation.Credentials(email, password[..^2] + "!!")))
                .IsProblem(401, "invalid_credentials");
        }
    }

    [InEveryTopology]
    [Trait("ASVS", "6.3.8")]
    public async Task A_login_does_not_tell_whether_the_address_has_an_account(Topology topology)
    {
        var installation = await installations.On(topology);
        var email = $"known-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(email);
        var wrong = await installation.Anyone.Post("/auth/login", Installation.Credentials(email, "not the password"));
        var unknown = await installation.Anyone.Post(
            "/auth/login", Installation.Credentials($"un{email}", "not the password"));

        Assert.Equal(wrong.IsProblem(401, "invalid_credentials").WithoutIds(), unknown.Is(401).WithoutIds());
        Assert.NotNull(unknown.Header("WWW-Authenticate"));
        var known = await installation.Anyone.Post("/auth/register", Installation.Credentials(email));
        Assert.Equal($$"""{"email":"{{email}}"}""", known.Is(202).Text);
    }

    [InEveryTopology]
    [Trait("ASVS", "8.2.3")]
    public async Task Nobody_registers_into_a_role(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var field in new[] { "role", "id", "isAdmin", "passwordHash" })
        {
            var email = $"climber-{Guid.NewGuid():N}@example.org";
            var json = Installation.Credentials(email)
                .Replace("{", $$"""{"{{field}}":"admin",""", StringComparison.Ordinal);
            (await installation.Anyone.Post("/auth/register", json)).IsProblem(422, "validation_failed", field);
            Assert.Equal(0, await installation.Ledger.Accounts(email));
        }
    }

    [InEveryTopology]
    public async Task Every_fault_is_told_at_once(Topology topology)
    {
        var installation = await installations.On(topology);
        (await installation.Anyone.Post(
            "/auth/register", """{"email":"nobody","password":"short","name":"a\u0000b"}"""))
            .IsProblem(422, "validation_failed", "email", "name", "password");
        (await installation.Anyone.Post("/auth/register", """{"email":["a"],"password":12345678,"nick":"x"}"""))
            .IsProblem(422, "validation_failed", "email", "nick", "password");
        (await installation.Anyone.Post("/auth/login", "{}")).IsProblem(422, "validation_failed", "email", "password");
    }
}

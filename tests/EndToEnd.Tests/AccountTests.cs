using System.Text.RegularExpressions;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What people do to their accounts with the mails they get.</summary>
public sealed partial class AccountTests(Installations installations)
{
    private const string Next = "a wholly other passphrase";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Flow]
    public async Task Somebody_confirms_an_address_forgets_the_password_and_chooses_another(Topology topology)
    {
        var installation = await installations.On(topology);
        var (anyone, email) = (installation.Anyone, $"forgetful-{Guid.NewGuid():N}@example.org");
        var owner = await installation.SignUp(email);
        Assert.Equal("False", (await owner.Get("/auth/me")).Is(200)["emailVerified"]);

        var confirm = $$"""{"token":"{{await LinkTo(installation, email, "verify-email")}}"}""";
        (await anyone.Post("/auth/verify-email", confirm)).Is(204);
        Assert.Equal("True", (await owner.Get("/auth/me")).Is(200)["emailVerified"]);
        (await anyone.Post("/auth/verify-email", confirm)).IsProblem(422, "invalid_link");

        var session = (await anyone.Post("/auth/login", Installation.Credentials(email))).Is(200);
        var asked = (await anyone.Post("/auth/reset-password/request", $$"""{"email":"{{email}}"}""")).Is(202);
        var unknown = (await anyone.Post("/auth/reset-password/request", $$"""{"email":"un{{email}}"}""")).Is(202);
        Assert.Equal(unknown.Text, asked.Text.Replace(email, $"un{email}", StringComparison.Ordinal));
        var reset = $$"""
            {"token":"{{await LinkTo(installation, email, "reset-password")}}","newPassword":"{{Next}}"}
            """;
        (await anyone.Post("/auth/reset-password", reset)).Is(200);

        (await anyone.Post("/auth/refresh", $$"""{"refreshToken":"{{session["refreshToken"]}}"}"""))
            .IsProblem(401, "invalid_refresh_token");
        (await anyone.Post("/auth/login", Installation.Credentials(email))).IsProblem(401, "invalid_credentials");
        (await anyone.Post("/auth/login", Installation.Credentials(email, Next))).Is(200);
        (await anyone.Post("/auth/reset-password", reset)).IsProblem(422, "invalid_link");
        Assert.Empty(installation.MailsTo($"un{email}"));
    }

    [InEveryTopology]
    public async Task Somebody_moves_to_another_address_and_password(Topology topology)
    {
        var installation = await installations.On(topology);
        var (old, email) = ($"old-{Guid.NewGuid():N}@example.org", $"new-{Guid.NewGuid():N}@example.org");
        var owner = await installation.SignUp(old);

        (await owner.Post("/auth/me/email", $$"""{"email":"{{email}}"}""")).Is(202);
        var token = await LinkTo(installation, email, "verify-email");
        (await installation.Anyone.Post("/auth/verify-email", $$"""{"token":"{{token}}"}""")).Is(204);
        Assert.Equal(email, (await owner.Get("/auth/me")).Is(200)["email"]);

        (await owner.Post(
            "/auth/me/password",
            $$"""{"currentPassword":"{{Installation.Password}}","newPassword":"{{Next}}"}""")).Is(204);
        (await installation.Anyone.Post("/auth/login", Installation.Credentials(old)))
            .IsProblem(401, "invalid_credentials");
        (await installation.Anyone.Post("/auth/login", Installation.Credentials(email, Next))).Is(200);
    }

    [OnEveryDatabase]
    public async Task One_address_is_asked_for_or_registered_five_times_an_hour_whoever_has_it(
        DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider, ("GATEHOUSE_LIMITS__ENABLED", "true"));
        var known = $"known-{Guid.NewGuid():N}@example.org";
        await installation.SignUp(known);
        string[] paths = ["/auth/verify-email/resend", "/auth/reset-password/request"];
        foreach (var (email, registered) in new[] { (known, 1), ($"un{known}", 0) })
        {
            for (var i = registered; i < 5; i++)
            {
                (await installation.Anyone.Post("/auth/register", Installation.Credentials(email))).Is(202);
            }

            (await installation.Anyone.Post("/auth/register", Installation.Credentials(email)))
                .IsProblem(429, "rate_limited");
            var shouted = $$"""{"email":" {{email.ToUpperInvariant()}}"}""";
            // One thing being used up takes no other away: its owner can still choose another password.
            foreach (var path in paths)
            {
                for (var i = 0; i < 5; i++)
                {
                    (await installation.Anyone.Post(path, $$"""{"email":"{{email}}"}""")).Is(202);
                }

                Assert.NotNull((await installation.Anyone.Post(path, shouted)).IsProblem(429, "rate_limited")
                    .Header("Retry-After"));
            }
        }

        // Others are asked for as before.
        (await installation.Anyone.Post(paths[0], """{"email":"somebody@example.org"}""")).Is(202);
    }

    [Fact]
    public async Task Registrations_and_links_have_limits_for_an_address_and_guesses_at_a_password_for_a_person()
    {
        await using var installation = await Installation.Start(
            DatabaseProvider.Sqlite,
            ("GATEHOUSE_LIMITS__ENABLED", "true"),
            ("GATEHOUSE_IDENTITY__REGISTRATIONSPERHOUR", "3"),
            ("GATEHOUSE_IDENTITY__LINKSPERHOUR", "2"));
        var owner = await installation.SignUp("owner@example.org");
        for (var i = 0; i < 2; i++)
        {
            var made = await installation.Anyone.Post("/auth/register", Installation.Credentials($"{i}@example.org"));
            Assert.Equal("\"registration\";q=3;w=3600", made.Is(202).Header("RateLimit-Policy"));
            (await installation.Anyone.Post("/auth/verify-email", """{"token":"x"}""")).IsProblem(422, "invalid_link");
        }

        (await installation.Anyone.Post("/auth/register", Installation.Credentials("3@example.org")))
            .IsProblem(429, "rate_limited");
        foreach (var path in new[]
        {
            "verify-email", "verify-email/resend", "reset-password", "reset-password/request",
        })
        {
            (await installation.Anyone.Post($"/auth/{path}", "{}")).IsProblem(429, "rate_limited");
        }

        var guess = $$"""{"currentPassword":"not the password","newPassword":"{{Next}}"}""";
        for (var i = 0; i < 5; i++)
        {
            (await owner.Post("/auth/me/password", guess)).IsProblem(422, "validation_failed", "currentPassword");
        }

        var right = guess.Replace("not the password", Installation.Password, StringComparison.Ordinal);
        (await owner.Post("/auth/me/password", right)).IsProblem(429, "rate_limited");
    }

    /// <summary>The token of the newest link to a page that was mailed to an address.</summary>
    private static async Task<string> LinkTo(Installation installation, string email, string page)
    {
        string? token = null;
        await Poll.Until(
            () => (token = installation.MailsTo(email).Select(mail => Token(mail, page)).LastOrDefault(t => t != ""))
                is not null,
            Patience,
            $"a link to {page}");
        return token!;
    }

    private static string Token(MimeMessage mail, string page) =>
        Link().Match(mail.Part("text/plain").Body) is { Success: true } link && link.Groups["page"].Value == page
            ? link.Groups["token"].Value
            : "";

    [GeneratedRegex(@"/(?<page>[\w-]+)\?token=(?<token>[\w-]{43})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}

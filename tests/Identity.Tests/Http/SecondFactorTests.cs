using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

public sealed class SecondFactorTests
{
    private const string Email = "ada@example.org";
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(Totp.StepSeconds);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "6.5.1")]
    public async Task Once_it_is_on_a_password_alone_does_not_sign_in_and_a_code_does_so_once(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (secret, _) = await Enable(identity);
        identity.Time.Advance(Step);
        var code = CodeNow(identity, secret);

        Assert.Equal("second_factor_required", await Refusal(identity, code: null));
        Assert.Equal("invalid_code", await Refusal(identity, "000000"));
        Assert.Null(await Refusal(identity, code));
        Assert.Equal("invalid_code", await Refusal(identity, code));
        Assert.Equal("invalid_credentials", await Refusal(identity, code, "a wrong password"));

        await using var session = await identity.Database.Read(cancellation);
        Assert.Equal(
            [
                "login.succeeded",
                "login.code_required",
                "login.code_failed",
                "login.succeeded",
                "login.code_failed",
                "login.failed",
            ],
            await session.Query<string>(
                "SELECT action FROM audit_log WHERE action LIKE 'login.%' ORDER BY number"));
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task Who_knows_the_password_may_guess_20_codes_a_day()
    {
        var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(database, database, limits: new LimitsOptions());
        await identity.AddAccount(Email);
        var (secret, _) = await Enable(identity);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("invalid_code", await Refusal(identity, "000000"));
            identity.Time.Jump(TimeSpan.FromMinutes(15));
        }

        Assert.Equal("rate_limited", await Refusal(identity, CodeNow(identity, secret)));
        identity.Time.Jump(TimeSpan.FromDays(1));
        Assert.Null(await Refusal(identity, CodeNow(identity, secret)));
    }

    [Fact]
    public async Task No_code_is_of_more_than_16_kib()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount(Email);
        var token = (await identity.Login(Email)).AccessToken;
        var huge = await Send(identity, HttpMethod.Post, "/auth/second-factor/confirm", token,
            new { code = new string('1', 17 * 1024) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
    }

    [OnEveryDatabase]
    public async Task Of_many_who_send_the_same_code_at_once_one_signs_in(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (secret, codes) = await Enable(identity);
        identity.Time.Advance(Step);
        foreach (var code in new[] { CodeNow(identity, secret), codes[0] })
        {
            var refusals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refusal(identity, code)));

            Assert.Single(refusals, refusal => refusal is null);
            Assert.Equal(7, refusals.Count(refusal => refusal == "invalid_code"));
        }
    }

    [OnEveryDatabase]
    public async Task A_recovery_code_signs_in_once_and_its_owner_is_told(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (_, codes) = await Enable(identity);

        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Null(await Refusal(identity, codes[3].ToLowerInvariant()));
        Assert.Equal("invalid_code", await Refusal(identity, codes[3]));
        Assert.Equal(1, await Notices(identity, "recoveryCodeUsed"));
        Assert.Equal(1, await identity.Count(
            "SELECT count(*) FROM audit_log WHERE action = 'second_factor.recovery_code_used'"));
    }

    [OnEveryDatabase]
    public async Task A_secret_counts_only_when_a_code_of_it_was_seen(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var token = (await identity.Login(Email)).AccessToken;
        var first = await Begin(identity, token);
        var second = await Begin(identity, token);

        Assert.Null(await Refusal(identity, code: null));
        var old = await Send(identity, HttpMethod.Post, "/auth/second-factor/confirm", token,
            new { code = CodeNow(identity, first) });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, old.StatusCode);
        Assert.Contains("\"code\":[", await old.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Confirm(identity, token, second)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Confirm(identity, token, second)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Conflict, (await Send(identity, HttpMethod.Post, "/auth/second-factor", token)).StatusCode);
    }

    [OnEveryDatabase]
    public async Task What_the_app_needs_is_shown_with_a_picture_and_never_kept_readable(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var token = (await identity.Login(Email)).AccessToken;
        var answer = await Send(identity, HttpMethod.Post, "/auth/second-factor", token);
        var shown = (await answer.Content.ReadFromJsonAsync(
            IdentityJson.Default.SecondFactorSecret, cancellation))!;

        Assert.Equal(
            $"otpauth://totp/Gatehouse:ada%40example.org?secret={shown.Secret}&issuer=Gatehouse", shown.Uri);
        Assert.StartsWith("data:image/png;base64,iVBOR", shown.QrCode, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(0, await identity.Count(
            $"SELECT count(*) FROM authenticators WHERE secret LIKE '%{shown.Secret}%'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.5.1")]
    public async Task A_session_that_was_left_open_changes_nothing(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var grant = await identity.Login(Email);
        identity.Time.Advance(TimeSpan.FromMinutes(11));
        var token = (await identity.Refresh(grant.RefreshToken)).Value.AccessToken;

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/auth/second-factor"),
            (HttpMethod.Post, "/auth/second-factor/recovery-codes"),
            (HttpMethod.Delete, "/auth/second-factor"),
        })
        {
            var answer = await Send(identity, method, path, token);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Equal("reauth_required", await Code(answer));
        }
    }

    [OnEveryDatabase]
    public async Task Who_signed_in_elsewhere_before_it_was_on_does_not_switch_it_off(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var thief = (await identity.Login(Email)).AccessToken;
        var owner = (await identity.Login(Email)).AccessToken;
        await Enable(identity, owner);

        var refused = await Send(identity, HttpMethod.Delete, "/auth/second-factor", thief);
        Assert.Equal("reauth_required", await Code(refused));
        var again = await Send(
            identity, HttpMethod.Post, "/auth/reauthenticate", thief, new { password = TestIdentity.Password });
        Assert.Equal("second_factor_required", await Code(again));
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await Send(identity, HttpMethod.Delete, "/auth/second-factor", owner)).StatusCode);
    }

    [OnEveryDatabase]
    public async Task Its_owner_renews_the_recovery_codes_and_switches_it_off(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var token = (await identity.Login(Email)).AccessToken;
        var (_, codes) = await Enable(identity, token);
        var renewed = await Send(identity, HttpMethod.Post, "/auth/second-factor/recovery-codes", token);

        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal("invalid_code", await Refusal(identity, codes[0]));
        Assert.Equal(10, (await Find(identity, token)).RecoveryCodesLeft);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var disabled = await Send(identity, HttpMethod.Delete, "/auth/second-factor", token);
            Assert.Equal(HttpStatusCode.NoContent, disabled.StatusCode);
        }

        Assert.Equal(new SecondFactorView(Enabled: false, null, 0), await Find(identity, token));
        Assert.Null(await Refusal(identity, code: null));
        Assert.Equal(1, await Notices(identity, "secondFactorEnabled"));
        Assert.Equal(1, await Notices(identity, "recoveryCodesRenewed"));
        Assert.Equal(1, await Notices(identity, "secondFactorDisabled"));
    }

    [OnEveryDatabase]
    public async Task An_administrator_frees_someone_who_lost_the_app(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var ada = await identity.AddAccount(Email);
        await identity.AddAccount("admin@example.org", Role.Admin);
        var own = (await identity.Login(Email)).AccessToken;
        await Enable(identity, own);
        var admin = (await identity.Login("admin@example.org")).AccessToken;

        var path = $"/users/{ada.Id}/second-factor";
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(identity, HttpMethod.Delete, path, own)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound,
            (await Send(identity, HttpMethod.Delete, $"/users/{Guid.Empty}/second-factor", admin)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(identity, HttpMethod.Delete, path, admin)).StatusCode);
        Assert.Null(await Refusal(identity, code: null));
    }

    private static string CodeNow(TestIdentity identity, byte[] secret) =>
        Totp.Code(secret, Totp.StepOf(identity.Time.GetUtcNow()));

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8)
            .Where(chunk => chunk.Length == 8)
            .Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }

    private static async Task<string?> Refusal(
        TestIdentity identity, string? code, string password = TestIdentity.Password)
    {
        var answer = await identity.Post("/auth/login", new { email = Email, password, code });
        return answer.IsSuccessStatusCode ? null : await Code(answer);
    }

    private static async Task<string?> Code(HttpResponseMessage answer)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return problem.GetProperty("code").GetString();
    }

    private static Task<long> Notices(TestIdentity identity, string notice) => identity.Count(
        $"SELECT count(*) FROM outbox WHERE type = 'user.security_notice' AND payload LIKE '%\"{notice}\"%'");

    private async Task<(byte[] Secret, IReadOnlyList<string> Codes)> Enable(
        TestIdentity identity, string? token = null)
    {
        token ??= (await identity.Login(Email)).AccessToken;
        var secret = await Begin(identity, token);
        var confirmed = await Confirm(identity, token, secret);
        var codes = await confirmed.Content.ReadFromJsonAsync(IdentityJson.Default.RecoveryCodes, cancellation);
        return (secret, codes!.Codes);
    }

    private async Task<byte[]> Begin(TestIdentity identity, string token)
    {
        var answer = await Send(identity, HttpMethod.Post, "/auth/second-factor", token);
        var secret = await answer.Content.ReadFromJsonAsync(IdentityJson.Default.SecondFactorSecret, cancellation);
        return FromBase32(secret!.Secret);
    }

    private Task<HttpResponseMessage> Confirm(TestIdentity identity, string token, byte[] secret) =>
        Send(identity, HttpMethod.Post, "/auth/second-factor/confirm", token, new { code = CodeNow(identity, secret) });

    private async Task<SecondFactorView> Find(TestIdentity identity, string token) =>
        (await (await Send(identity, HttpMethod.Get, "/auth/second-factor", token)).Content
            .ReadFromJsonAsync(IdentityJson.Default.SecondFactorView, cancellation))!;

    private async Task<HttpResponseMessage> Send(
        TestIdentity identity, HttpMethod method, string path, string token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await identity.Http.SendAsync(request, cancellation);
    }
}

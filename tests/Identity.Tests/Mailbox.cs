using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Services;

namespace Gatehouse.Identity.Tests;

/// <summary>What identity wants mailed, read where it leaves it; and the requests that lead there.</summary>
internal static class Mailbox
{
    private const string Verification = "user.verification_requested";
    private const string PasswordReset = "user.password_reset_requested";

    /// <summary>The tokens of links to confirm an address that are on their way to it, oldest first.</summary>
    public static Task<IReadOnlyList<string>> Confirmations(this TestIdentity identity, string email) =>
        Tokens(identity, Verification, email);

    /// <summary>The tokens of links to choose another password that are on their way, oldest first.</summary>
    public static Task<IReadOnlyList<string>> Resets(this TestIdentity identity, string email) =>
        Tokens(identity, PasswordReset, email);

    /// <summary>What owners are told, each as <c>notice address</c>, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> Notices(this TestIdentity identity) =>
    [
        .. (await Published(identity, "user.security_notice"))
            .Select(fact => $"{fact.GetProperty("notice").GetString()} {fact.GetProperty("email").GetString()}"),
    ];

    public static async Task<IReadOnlyList<JsonElement>> Published(this TestIdentity identity, string type)
    {
        await using var session = await identity.Database.Read(TestContext.Current.CancellationToken);
        var payloads = await session.Query<string>(
            "SELECT payload FROM outbox WHERE type = @type ORDER BY id", new { type });
        return [.. payloads.Select(payload => JsonDocument.Parse(payload).RootElement)];
    }

    /// <summary>What was asked for is done: links are mailed to those who have an account.</summary>
    public static async Task RunJobs(this TestIdentity identity)
    {
        await using var session = await identity.Database.Read(TestContext.Current.CancellationToken);
        var payloads = await session.Query<string>(
            "SELECT payload FROM jobs WHERE kind = @kind ORDER BY id", new { kind = LinkWish.JobKind });
        var job = identity.Get<IEnumerable<IJob>>().Single(job => job.Kind == LinkWish.JobKind);
        foreach (var payload in payloads)
        {
            await job.Run(new ByHand(payload), TestContext.Current.CancellationToken);
        }

        await identity.Execute("DELETE FROM jobs");
    }

    /// <summary>The last link to choose another password, asked for and mailed.</summary>
    public static async Task<string> AskForReset(this TestIdentity identity, string email)
    {
        // Ids of one millisecond have no order.
        identity.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Expect(202, await identity.Post("/auth/reset-password/request", new { email }));
        await identity.RunJobs();
        return (await identity.Resets(email))[^1];
    }

    public static Task<HttpResponseMessage> Confirm(this TestIdentity identity, string token) =>
        identity.Post("/auth/verify-email", new { token });

    public static Task<HttpResponseMessage> Reset(this TestIdentity identity, string token, string newPassword) =>
        identity.Post("/auth/reset-password", new { token, newPassword });

    /// <summary>A request of someone who is signed in.</summary>
    public static async Task<HttpResponseMessage> Send(
        this TestIdentity identity, HttpMethod method, string path, TokenGrant caller, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.AccessToken);
        return await identity.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Fails unless it is answered so: the status, the code of a problem, the fields at fault. Answers the text.
    /// </summary>
    public static async Task<string> Expect(
        int status, HttpResponseMessage response, string? code = null, params string[] fields)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode} {text}");
        if (code is not null)
        {
            var problem = JsonDocument.Parse(text).RootElement;
            Assert.Equal(code, problem.GetProperty("code").GetString());
            var faults = problem.TryGetProperty("errors", out var errors)
                ? errors.EnumerateObject().Select(error => error.Name)
                : [];
            Assert.Equal(fields, faults);
        }

        return text;
    }

    private static async Task<IReadOnlyList<string>> Tokens(TestIdentity identity, string type, string email) =>
    [
        .. (await Published(identity, type))
            .Where(fact => fact.GetProperty("email").GetString() == email)
            .Select(fact => Encoding.UTF8.GetString(identity.Get<SecretBox>().Open(
                AccountTokens.Purpose(fact.GetProperty("id").GetGuid()),
                fact.GetProperty("sealedToken").GetString()!))),
    ];

    /// <summary>An attempt without a worker.</summary>
    private sealed class ByHand : JobRun
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public ByHand(string payload)
        {
            Id = Guid.Empty;
            Payload = payload;
            Attempt = 1;
            IsLast = false;
        }

        public override Task Report(int percent, string? note, CancellationToken cancellation) => Task.CompletedTask;

        public override Task Complete(UnitOfWork unit, string? result) => Task.CompletedTask;
    }
}

using System.Net;
using System.Text;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>A client on a network of its own: what it sends, and whence the proxy in front says it comes.</summary>
internal sealed record Browser(TestIdentity Identity, string Address = "192.0.2.1")
{
    public string? Token { get; init; }

    public string? Cookie { get; init; }

    /// <summary>Whose page it is that sends; null for a browser that says neither.</summary>
    public (string Name, string Value)? From { get; init; } = ("Sec-Fetch-Site", "same-origin");

    public Task<HttpResponseMessage> LogIn(string email, string? password = null, string? device = null) =>
        Post("/auth/login", $$"""
            {"email":"{{email}}","password":"{{password ?? TestIdentity.Password}}","deviceToken":"{{device}}"}
            """);

    /// <summary>A wrong password.</summary>
    public async Task<HttpStatusCode> Guess(string email, string? device = null) =>
        (await LogIn(email, "not the password", device)).StatusCode;

    public Task<HttpResponseMessage> Post(string path, string? json) =>
        Send(HttpMethod.Post, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", Address);
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        }

        if (Cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", Cookie);
        }

        if (From is { } from)
        {
            request.Headers.TryAddWithoutValidation(from.Name, from.Value);
        }

        return await Identity.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

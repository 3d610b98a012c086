using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The API as one caller sees it: an account, or a stranger where there is no token.</summary>
public sealed record Api(HttpClient Http, string? Token = null)
{
    private const int AskedCharactersMax = 300;

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    public Task<Answer> Post(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, Json(json), headers);

    public Task<Answer> Patch(string path, string json, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Patch, path, Json(json), headers);

    /// <summary>Books places; with a key when one is given.</summary>
    public Task<Answer> Book(string eventId, int quantity = 1, string? key = null) => Post(
        $"/events/{eventId}/bookings",
        $$"""{"quantity":{{quantity}}}""",
        key is null ? [] : [("Idempotency-Key", key)]);

    /// <summary>Publishes a free event in a month, and answers its id.</summary>
    public async Task<string> Publish(int capacity, int price = 0) =>
        (await Post("/events", Wish(capacity: capacity, price: price).ToJsonString())).Is(201).Id;

    public async Task<long> Available(string eventId) => (await Get($"/events/{eventId}")).Is(200).Number("available");

    public async Task<Answer> Send(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var asked = $"{method} {path} {(content is null ? "" : await content.ReadAsStringAsync())}";
        if (Token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request);
        return new Answer(
            asked[..Math.Min(asked.Length, AskedCharactersMax)], response, await response.Content.ReadAsStringAsync());
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>A sound request for a published event; tests spoil it member by member.</summary>
    public static JsonObject Wish(
        string name = "An evening of chamber music", int capacity = 10, int price = 0, int days = 30)
    {
        var start = TimeProvider.System.GetUtcNow().AddDays(days);
        return new JsonObject
        {
            ["name"] = name,
            ["startAt"] = start.ToString("O"),
            ["endAt"] = start.AddHours(3).ToString("O"),
            ["capacity"] = capacity,
            ["price"] = price,
            ["currency"] = "EUR",
            ["status"] = "published",
        };
    }
}

using System.Text.RegularExpressions;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// The six kinds of callers, and a thing of each kind that one of them has: the user a booking, an entry, a webhook and
/// another session, the organizer an event.
/// </summary>
internal sealed partial class People
{
    private readonly Installation installation;
    private readonly Dictionary<string, Api> callers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> emails = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly string webhookUrl;
    private string? webhook;

    private People(Installation installation, string webhookUrl)
    {
        this.installation = installation;
        this.webhookUrl = webhookUrl;
    }

    /// <summary>In the order of the columns.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["anonymous", "user", "otherUser", "organizer", "otherOrganizer", "admin"];

    public static async Task<People> In(Installation installation, string webhookUrl = "https://1.1.1.1/")
    {
        var people = new People(installation, webhookUrl) { callers = { ["anonymous"] = installation.Anyone } };
        var admin = await installation.FreshAdmin();
        foreach (var (kind, role) in new[]
        {
            ("user", "user"), ("otherUser", "user"), ("organizer", "organizer"), ("otherOrganizer", "organizer"),
            ("admin", "admin"),
        })
        {
            var email = $"{kind}-{Guid.NewGuid():N}@example.org".ToLowerInvariant();
            var id = (await (await installation.SignUp(email)).Get("/auth/me")).Is(200).Id;
            (await admin.Patch($"/users/{id}", $$"""{"role":"{{role}}"}""")).Is(200);
            (people.emails[kind], people.ids[kind]) = (email, id);
            people.callers[kind] = await installation.LogIn(email);
        }

        return people;
    }

    public Api this[string kind] => callers[kind];

    /// <summary>
    /// Asks for the operation, about somebody's thing where its address has an id, with an empty object where it takes
    /// a body. Who may have lost a session by it signs in again.
    /// </summary>
    public async Task<Answer> Ask(string kind, Operation operation, string id)
    {
        var answer = await Send(callers[kind], operation, id);
        if (operation.Method != "GET" && answer.Status < 300)
        {
            foreach (var who in new[] { kind, "user" }.Intersect(emails.Keys))
            {
                callers[who] = await installation.LogIn(emails[who]);
            }
        }

        return answer;
    }

    public static Task<Answer> Send(Api caller, Operation operation, string id)
    {
        var path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
        return caller.Send(
            new HttpMethod(operation.Method),
            Parameter().Replace(path, $"{Guid.NewGuid()}"),
            operation.Text.TryGetProperty("requestBody", out _) ? Api.Json("{}") : null);
    }

    /// <summary>A new thing of its owner's that the address names; nobody's where there is no owner.</summary>
    /// <param name="operation">Whose address it is for.</param>
    /// <param name="hidden">An event as a draft, which only its organizer and administrators see.</param>
    public async Task<string> Thing(Operation operation, bool hidden = false) => operation.Path.Split('/')[1] switch
    {
        _ when !operation.Path.Contains("{id}", StringComparison.Ordinal) => "",
        "auth" => await Session(),
        "events" => (await callers["organizer"].Post("/events", Event(hidden))).Is(201).Id,
        "bookings" => (await callers["user"].Book(await callers["organizer"].Publish(5))).Is(201).Id,
        "entries" => (await callers["user"].Post(
            "/entries", """{"text":"A walk.","mood":7,"category":"Outdoors"}""")).Is(201).Id,
        "webhooks" => await Webhook(),
        "users" => ids["user"],
        _ => $"{Guid.NewGuid()}",
    };

    // Not the one that asks.
    private async Task<string> Session()
    {
        await installation.LogIn(emails["user"]);
        var sessions = (await callers["user"].Get("/auth/sessions")).Is(200).Json;
        return sessions.GetProperty("items").EnumerateArray()
            .First(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;
    }

    // A user has so many at most: the last one serves while it is there.
    private async Task<string> Webhook()
    {
        if (webhook is null || (await callers["user"].Get($"/webhooks/{webhook}")).Status != 200)
        {
            webhook = (await callers["user"].Post(
                "/webhooks",
                $$"""{"url":"{{webhookUrl}}","events":["booking.*"],"active":false}""")).Is(201).Id;
        }

        return webhook;
    }

    private static string Event(bool hidden)
    {
        var wish = Api.Wish();
        wish["status"] = hidden ? "draft" : "published";
        return wish.ToJsonString();
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}

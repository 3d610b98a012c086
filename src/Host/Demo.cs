using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Modules;

namespace Gatehouse.Host;

/// <summary>
/// What a newcomer finds in Development: data in an empty database, and a few lines on the console to begin with.
/// </summary>
internal static class Demo
{
    private const string Password = "gatehouse-demo";
    private const string Buyer = "buyer@example.org";
    private const string EventSlug = "open-air-cinema";

    public static async Task Seed(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (var demo in services.GetServices<IDemoData>().OrderBy(demo => demo.Order))
        {
            await demo.Seed(cancellation);
        }
    }

    /// <summary>Says where it is and how to book a first ticket; nothing where the demo's event is not there.</summary>
    public static async Task Print(IServiceProvider services, string url, CancellationToken cancellation)
    {
        if (services.GetService<IEvents>() is not { } events)
        {
            return;
        }

        var found = await events.Get(caller: null, EventSlug, cancellation);
        if (found.Failed(out _))
        {
            return;
        }

        var demo = found.Value;
        var address = url.Replace("*", "localhost", StringComparison.Ordinal).TrimEnd('/');
        await Console.Out.WriteLineAsync(
            $$"""

              Gatehouse is at {{address}}    API page: {{address}}/docs    health: {{address}}/health

              Demo accounts, password {{Password}}:
                admin@example.org   organizer@example.org   {{Buyer}}   buyer2@example.org

              Log in and book a ticket for "{{demo.Name}}":

              {{Line(address, demo.Id)}}

            """);
    }

    // One line, since a shell takes lines: log in, cut the token out of the answer, book with it.
    private static string Line(string address, Guid demo)
    {
        const string json = "-H 'Content-Type: application/json'";
        var account = $$"""{"email":"{{Buyer}}","password":"{{Password}}"}""";
        var logIn = $"curl -s {address}/auth/login {json} -d '{account}'";
        const string token = """sed 's/.*"accessToken":"\([^"]*\)".*/\1/'""";
        const string bearer = """-H "Authorization: Bearer $TOKEN" """;
        var book = $$"""curl -s {{address}}/events/{{demo}}/bookings {{bearer}}{{json}} -d '{"quantity":1}'""";
        return $"TOKEN=$({logIn} | {token}) && {book}; echo";
    }
}

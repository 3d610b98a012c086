using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Modules;

namespace Gatehouse.Host;

/// <summary>What a newcomer finds in Development: data in an empty database, and a few lines on the console to begin with.</summary>
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

              TOKEN=$(curl -s {{address}}/auth/login -H 'Content-Type: application/json' -d '{"email":"{{Buyer}}","password":"{{Password}}"}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/') && curl -s {{address}}/events/{{demo.Id}}/bookings -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"quantity":1}'; echo

            """);
    }
}

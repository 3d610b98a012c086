using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Modules;
using Gatehouse.Kernel;

namespace Gatehouse.Host;

/// <summary>
/// What a newcomer finds in Development: data in an empty database, and a few lines on the console to begin with.
/// </summary>
internal static class Demo
{
    private const string Password = "gatehouse-demo";
    private const string Buyer = "buyer@example.org";

    // A server may listen on every address; a client needs one.
    private static readonly string[] AnyHost = ["*", "+", "0.0.0.0", "[::]"];

    public static async Task Seed(IServiceProvider services, CancellationToken cancellation)
    {
        foreach (var demo in services.GetServices<IDemoData>().OrderBy(demo => demo.Order))
        {
            await demo.Seed(cancellation);
        }
    }

    /// <summary>Says where it is, and with the demo's accounts how to book a first ticket.</summary>
    public static async Task Print(IServiceProvider services, string url, CancellationToken cancellation)
    {
        var address = AnyHost.Aggregate(url, (text, host) =>
            text.Replace($"//{host}", "//localhost", StringComparison.Ordinal)).TrimEnd('/');
        await Console.Out.WriteLineAsync(
            $"\n  Gatehouse is at {address}    API page: {address}/docs    health: {address}/health\n");
        if (services.GetService<IAccounts>() is not { } accounts ||
            await accounts.Find(Buyer, cancellation) is null)
        {
            return;
        }

        await Console.Out.WriteLineAsync(
            $"""
              Demo accounts, password {Password}:
                admin@example.org   organizer@example.org   {Buyer}   buyer2@example.org

            """);
        if (await OnSale(services, cancellation) is { } demo)
        {
            await Console.Out.WriteLineAsync(
                $"  Log in and book a ticket for \"{demo.Name}\":\n\n  {Line(address, demo.Id)}\n");
        }
    }

    /// <summary>Of the events that can be booked without paying, the one with most places left.</summary>
    private static async Task<EventView?> OnSale(IServiceProvider services, CancellationToken cancellation)
    {
        if (services.GetService<IEvents>() is not { } events)
        {
            return null;
        }

        var now = services.GetRequiredService<TimeProvider>().Now();
        var found = await events.List(EventFilter.None, new PageRequest(PageRequest.LimitMax, 1, null), cancellation);
        return found.Items.Where(e => e is { Price: 0, Available: > 0 } && e.StartAt > now).MaxBy(e => e.Available);
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

using System.Collections.Concurrent;
using System.Net;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The polite end under load: who was let in is served, nobody is let in who would not be.</summary>
[Collection(Alone.Name)]
public sealed class ShutdownTests
{
    private const int Clients = 16;

    [OnEveryDatabase]
    public async Task Sigterm_under_load_finishes_what_is_in_flight_and_exits_with_0(DatabaseProvider provider)
    {
        // Long enough to be seen on a loaded machine: a 503, and a request that is served all the same.
        await using var installation = await Installation.Start(provider, ("GATEHOUSE_HTTP__DRAINSECONDS", "5"));
        var buyers = await installation.Buyers(Clients);
        var eventId = await installation.Organizer.Publish(1_000_000);
        var acknowledged = new ConcurrentBag<string>();
        var load = buyers.Select(buyer => BookUntilRefused(buyer, eventId, acknowledged)).ToArray();
        await Poll.Until(() => acknowledged.Count > 50, TimeSpan.FromSeconds(30), "50 bookings");
        using var half = await HalfOfABooking(installation, buyers[0], eventId);

        var ended = installation.Process.Terminate();
        // Connections are still taken while the balancer is told.
        await Poll.Until(async () =>
            await Ready(installation) == HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5), "503");
        (await buyers[1].Get($"/events/{eventId}")).Is(200);
        await Poll.Until(async () =>
            await Ready(installation) is null, TimeSpan.FromSeconds(20), "connections to be refused");
        Assert.False(ended.IsCompleted, "It ended with a request in flight.");
        await half.Send("ity\":1}");

        Assert.StartsWith("HTTP/1.1 201", await half.Receive(), StringComparison.Ordinal);
        Assert.Equal(0, await ended);
        await Task.WhenAll(load);
        var books = await installation.Ledger.Agrees(eventId);
        // A client whose connection closed beneath it does not know; everyone else does.
        Assert.InRange(books.Bookings, acknowledged.Count + 1, acknowledged.Count + 1 + Clients);
        Assert.DoesNotContain(installation.Process.Lines, line =>
            line.Contains("Unhandled exception", StringComparison.Ordinal));
    }

    private static async Task<RawRequest> HalfOfABooking(Installation installation, Api buyer, string eventId)
    {
        var half = await RawRequest.Open(installation.Process.Address);
        await half.SendBooking(eventId, buyer, bodyBytes: 14);
        await half.Send("{\"quant");
        return half;
    }

    private static async Task BookUntilRefused(Api buyer, string eventId, ConcurrentBag<string> acknowledged)
    {
        try
        {
            while (true)
            {
                acknowledged.Add((await buyer.Book(eventId)).Is(201).Id);
            }
        }
        catch (HttpRequestException)
        {
            // The server takes no more: that is the end that was asked for.
        }
    }

    /// <summary>Null when a new connection is refused.</summary>
    private static async Task<HttpStatusCode?> Ready(Installation installation)
    {
        using var client = new HttpClient { BaseAddress = installation.Process.Address };
        try
        {
            return (await client.GetAsync("/health/ready")).StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// SIGKILL under load, again and again. Every call is acknowledged or unknown; what was acknowledged is there, and what
/// is unknown happens once when it is sent again with its key.
/// </summary>
[Collection(Alone.Name)]
public sealed class KillTests
{
    private const int Clients = 16;
    private const int CallsBeforeKillMax = 200;

    [OnEveryDatabase]
    public async Task Kill_under_load_loses_no_acknowledged_booking_and_makes_none_twice(DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider);
        await installation.Buyers(Clients);
        var eventId = await installation.Organizer.Publish(1_000_000);
        var acknowledged = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var cycle = 0; cycle < Repeats.Of(3); cycle++)
        {
            var buyers = await installation.Buyers(Clients);
            var load = new Load(eventId);
            var clients = buyers.Select(load.Run).ToArray();
            var moment = RandomNumberGenerator.GetInt32(1, CallsBeforeKillMax);
            await Poll.Until(() => load.Acknowledged.Count >= moment, TimeSpan.FromSeconds(30), $"{moment} bookings");
            installation.Process.Kill();
            var unknown = await Task.WhenAll(clients);
            await installation.Restart();

            await Settle(await installation.Buyers(Clients), unknown, load);
            foreach (var (key, booking) in load.Acknowledged)
            {
                acknowledged.Add(key, booking);
            }

            var books = await installation.Ledger.Agrees(eventId);
            Assert.Equal(acknowledged.Count, books.Bookings);
            Assert.Equal(books.Size - books.Sold, await installation.Organizer.Available(eventId));
        }

        await EveryBookingIsThere(await installation.Buyers(Clients), acknowledged.Values);
    }

    /// <summary>
    /// Sends every unknown call again: a booking that had been committed is told again, and no second one is made.
    /// </summary>
    private static async Task Settle(IReadOnlyList<Api> buyers, string[] unknown, Load load)
    {
        foreach (var (buyer, key) in buyers.Zip(unknown))
        {
            var first = (await buyer.Book(load.EventId, key: key)).Is(201);
            var second = (await buyer.Book(load.EventId, key: key)).Is(201);
            Assert.Equal(first.Text, second.Text);
            Assert.Equal("true", second.Header("Idempotency-Replayed"));
            load.Acknowledged[key] = first.Id;
        }
    }

    private static async Task EveryBookingIsThere(IReadOnlyList<Api> buyers, IEnumerable<string> acknowledged)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var buyer in buyers)
        {
            for (string? cursor = ""; cursor is not null;)
            {
                var page = (await buyer.Get($"/bookings?limit=100&cursor={cursor}")).Is(200).Json;
                there.UnionWith(page.GetProperty("items").EnumerateArray().Select(b =>
                    b.GetProperty("id").GetString()!));
                cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            }
        }

        Assert.Empty(acknowledged.Except(there));
    }

    private sealed class Load(string eventId)
    {
        public string EventId => eventId;

        /// <summary>Key to booking id.</summary>
        public ConcurrentDictionary<string, string> Acknowledged { get; } = new();

        /// <summary>Books until the server is gone; answers the key of the call that got no answer.</summary>
        public async Task<string> Run(Api buyer)
        {
            while (true)
            {
                var key = $"{Guid.NewGuid():N}";
                try
                {
                    Acknowledged[key] = (await buyer.Book(eventId, key: key)).Is(201).Id;
                }
                catch (HttpRequestException)
                {
                    return key;
                }
            }
        }
    }
}

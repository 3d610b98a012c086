namespace Gatehouse.EndToEnd.Tests;

/// <summary>Lists, page by page.</summary>
public sealed class PagingTests(Installations installations)
{
    private const int Many = 23;

    [InEveryTopology]
    public async Task Every_event_is_listed_once_by_page_and_by_cursor(Topology topology)
    {
        var installation = await installations.On(topology);
        var organizer = await installation.NewOrganizer($"lists-{Guid.NewGuid():N}@example.org");
        // Several start at the same moment: the id must decide between them.
        var made = new List<string>();
        for (var i = 0; i < Many; i++)
        {
            var wish = Api.Wish($"Listed {i}");
            wish["startAt"] = $"2034-05-0{1 + (i % 3)}T19:00:00Z";
            wish["endAt"] = "2034-05-05T19:00:00Z";
            made.Add((await organizer.Post("/events", wish.ToJsonString())).Is(201).Id);
        }

        foreach (var limit in new[] { 1, 5, 23, 100 })
        {
            var byPage = await ByPage(organizer, "/events?mine=true", limit);
            var byCursor = await ByCursor(organizer, "/events?mine=true", limit);
            Assert.Equal(made.Order(), byPage.Order());
            Assert.Equal(byPage, byCursor);
        }

        // In the list of everyone, where other tests publish at the same time.
        var everyone = await ByCursor(installation.Anyone, "/events", 7);
        Assert.Equal(everyone.Count, everyone.Distinct().Count());
        Assert.Empty(made.Except(everyone));
    }

    [Flow]
    public async Task Every_booking_is_listed_once_newest_first(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(100);
        var made = new List<string>();
        for (var i = 0; i < Many; i++)
        {
            made.Insert(0, (await buyer.Book(eventId)).Is(201).Id);
        }

        // Newest to the millisecond that an id begins with; two of one millisecond have an order, but not of time.
        static string Moment(string id) => id[..13];
        var newestFirst = made.OrderDescending(StringComparer.Ordinal).ToList();
        Assert.Equal(made.Select(Moment), newestFirst.Select(Moment));
        foreach (var limit in new[] { 1, 5, 100 })
        {
            Assert.Equal(newestFirst, await ByPage(buyer, "/bookings?", limit));
            Assert.Equal(newestFirst, await ByCursor(buyer, "/bookings?", limit));
        }
    }

    [InEveryTopology]
    public async Task A_page_that_cannot_be_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        (string Query, string[] Fields)[] queries =
        [
            ("page=0", ["page"]), ("page=-1", ["page"]), ("page=1.5", ["page"]), ("page=", ["page"]),
            ("page=99999999999", ["page"]),
            ("page=1&page=2", ["page"]),
            ("limit=0", ["limit"]), ("limit=1000", ["limit"]), ("limit=101", ["limit"]), ("limit=ten", ["limit"]),
            ("limit=1e2", ["limit"]),
            ("cursor=garbled", ["cursor"]), ("cursor=AAAA", ["cursor"]), ($"cursor={new string('_', 32)}", ["cursor"]),
            ("cursor=%F0%9F%A6%8A", ["cursor"]), ($"cursor={new string('A', 5_000)}", ["cursor"]),
            ("page=2&cursor=", ["cursor"]), ("page=0&limit=1000&cursor=x", ["cursor", "limit", "page"]),
        ];
        foreach (var (query, fields) in queries)
        {
            (await installation.Anyone.Get($"/events?{query}")).IsProblem(400, "invalid_query", fields);
            (await buyer.Get($"/bookings?{query}")).IsProblem(400, "invalid_query", fields);
        }

        // Far behind the end there is simply nothing.
        Assert.Empty((await buyer.Get("/bookings?page=100&limit=100")).Is(200).Json.GetProperty("items")
            .EnumerateArray());
        (await installation.Anyone.Get("/events?mine=true")).IsProblem(401, "unauthenticated");
    }

    private static async Task<List<string>> ByPage(Api api, string list, int limit)
    {
        var ids = new List<string>();
        for (var page = 1; ; page++)
        {
            var answer = (await api.Get($"{list}&page={page}&limit={limit}")).Is(200);
            var items = Ids(answer);
            Assert.Equal(Many, answer.Number("total"));
            ids.AddRange(items);
            if (items.Count < limit)
            {
                return ids;
            }
        }
    }

    private static async Task<List<string>> ByCursor(Api api, string list, int limit)
    {
        var ids = new List<string>();
        for (var cursor = ""; ;)
        {
            var answer = (await api.Get(
                $"{list}{(list.Contains('?', StringComparison.Ordinal) ? "&" : "?")}cursor={cursor}&limit={limit}"))
                    .Is(200);
            ids.AddRange(Ids(answer));
            if (!answer.Json.TryGetProperty("nextCursor", out var next))
            {
                return ids;
            }

            cursor = next.GetString()!;
        }
    }

    private static List<string> Ids(Answer answer) =>
        [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
}

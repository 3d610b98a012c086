namespace Gatehouse.EndToEnd.Tests;

/// <summary>An event's way: draft, published, changed, cancelled or deleted.</summary>
public sealed class EventTests(Installations installations)
{
    [Flow]
    public async Task A_draft_is_seen_by_its_organizer_and_by_admins_until_it_is_published(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var wish = Api.Wish($"Hidden {Guid.NewGuid():N}");
        wish.Remove("status");
        var draft = (await installation.Organizer.Post("/events", wish.ToJsonString())).Is(201);
        Assert.Equal("draft", draft["status"]);
        Assert.Equal($"/events/{draft.Id}", draft.Header("Location"));
        foreach (var stranger in new[] { installation.Anyone, buyer })
        {
            (await stranger.Get($"/events/{draft.Id}")).IsProblem(404, "not_found");
            (await stranger.Get($"/events/{draft["slug"]}")).IsProblem(404, "not_found");
        }

        (await installation.Organizer.Get($"/events/{draft.Id}")).Is(200);
        (await installation.Admin.Get($"/events/{draft["slug"]}")).Is(200);
        (await installation.Organizer.Patch($"/events/{draft.Id}", """{"status":"published"}""")).Is(200);
        Assert.Equal(draft.Id, (await installation.Anyone.Get($"/events/{draft["slug"]}")).Is(200).Id);
        (await installation.Organizer.Patch($"/events/{draft.Id}", """{"status":"draft"}"""))
            .IsProblem(409, "invalid_transition");
    }

    [Flow]
    public async Task A_change_to_a_version_that_is_past_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var organizer = installation.Organizer;
        var path = $"/events/{await organizer.Publish(10)}";
        var etag = (await installation.Anyone.Get(path)).Is(200).Header("ETag")!;
        var changed = (await organizer.Patch(path, """{"name":"First","venue":"Hall"}""", ("If-Match", etag))).Is(200);
        Assert.NotEqual(etag, changed.Header("ETag"));

        foreach (var stale in new[] { etag, "nonsense", "\"999\"", "\"-1\"", $"W/{changed.Header("ETag")}" })
        {
            (await organizer.Patch(path, """{"name":"Second"}""", ("If-Match", stale)))
                .IsProblem(412, "precondition_failed");
        }

        // Absent leaves, null clears.
        var last = (await organizer.Patch(path, """{"venue":null}""", ("If-Match", changed.Header("ETag")!))).Is(200);
        Assert.Equal("First", last["name"]);
        Assert.False(last.Json.TryGetProperty("venue", out _));
    }

    [InEveryTopology]
    public async Task Of_many_changes_to_one_version_at_once_one_is_made(Topology topology)
    {
        var installation = await installations.On(topology);
        var path = $"/events/{await installation.Organizer.Publish(10)}";
        var etag = (await installation.Anyone.Get(path)).Is(200).Header("ETag")!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            installation.Organizer.Patch(path, $$"""{"name":"Number {{i}}"}""", ("If-Match", etag))));

        var made = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer != made), answer => answer.IsProblem(412, "precondition_failed"));
        Assert.Equal(made["name"], (await installation.Anyone.Get(path)).Is(200)["name"]);
    }

    [InEveryTopology]
    public async Task The_capacity_never_goes_below_what_is_sold(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => installation.Buyer()));
        var eventId = await installation.Organizer.Publish(20);
        (await buyers[0].Book(eventId, 5)).Is(201);
        Assert.Equal(5, (await installation.Organizer.Patch($"/events/{eventId}", """{"capacity":4}"""))
            .IsProblem(409, "capacity_below_sold").Number("taken"));

        // While buyers book, the organizer shrinks: whoever comes first wins, and the other hears of it.
        var bookings = buyers.Select(buyer => buyer.Book(eventId));
        var shrinks = Enumerable.Range(5, 10).Select(capacity =>
            installation.Organizer.Patch($"/events/{eventId}", $$"""{"capacity":{{capacity}}}"""));
        foreach (var answer in await Task.WhenAll(bookings.Concat(shrinks)))
        {
            Assert.True(answer.Status is 200 or 201 or 409, $"{answer}");
        }

        var books = await installation.Ledger.Agrees(eventId);
        Assert.Equal(books.Size - books.Sold, await installation.Organizer.Available(eventId));
        (await installation.Organizer.Patch($"/events/{eventId}", $$"""{"capacity":{{books.Sold}}}""")).Is(200);
        (await buyers[0].Book(eventId)).IsProblem(409, "sold_out");
        (await installation.Organizer.Patch($"/events/{eventId}", $$"""{"capacity":{{books.Sold + 1}}}""")).Is(200);
        (await buyers[0].Book(eventId)).Is(201);
    }

    [InEveryTopology]
    public async Task An_event_with_bookings_is_not_deleted(Topology topology)
    {
        var installation = await installations.On(topology);
        var (empty, sold) = (await installation.Organizer.Publish(5), await installation.Organizer.Publish(5));
        (await (await installation.Buyer()).Book(sold)).Is(201);
        (await installation.Admin.Delete($"/events/{sold}")).IsProblem(409, "event_has_bookings");
        (await installation.Anyone.Get($"/events/{sold}")).Is(200);

        (await installation.Admin.Delete($"/events/{empty}")).Is(204);
        (await installation.Anyone.Get($"/events/{empty}")).IsProblem(404, "not_found");
        (await installation.Admin.Delete($"/events/{empty}")).IsProblem(404, "not_found");
    }

    [InEveryTopology]
    public async Task Events_of_one_name_have_addresses_of_their_own(Topology topology)
    {
        var installation = await installations.On(topology);
        var name = $"Ночь Музыки / Café № {Guid.NewGuid():N}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            installation.Organizer.Post("/events", Api.Wish(name).ToJsonString())));

        Assert.Equal(5, answers.Select(answer => answer.Is(201)["slug"]).Distinct().Count());
        Assert.All(answers, answer => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", answer["slug"]));
    }
}

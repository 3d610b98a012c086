namespace Gatehouse.EndToEnd.Tests;

/// <summary>The API description tells the truth of every endpoint, those yet to come included.</summary>
public sealed class ApiDescriptionTests(Installations installations)
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    // Answers a mail as a page, or as plain text.

    // Files of a journal, to be read by what reads it next.
    private static readonly string[] Arrays = ["exportEntriesJson"];

    // Takes a slug as well.
    private static readonly string[] BySlug = ["getEvent", "getEventCalendar"];

    [Flow(Postgres = false)]
    public async Task Every_operation_says_what_it_does_what_it_answers_and_how_it_fails(Topology topology)
    {
        var description = await ApiDescription.Of((await installations.On(topology)).Anyone);
        Assert.NotEmpty(description.Operations);
        Assert.Distinct(description.Operations.Select(operation => operation.Id));
        foreach (var operation in description.Operations)
        {
            Assert.True(operation.Id is not null, $"{operation} has no name (WithName).");
            Assert.True(operation.Text.TryGetProperty("summary", out _), $"{operation} has no summary.");
            Assert.True(operation.Text.TryGetProperty("tags", out var tags), $"{operation} has no tag.");
            Assert.Single(tags.EnumerateArray());
            var problem = description.Schema(operation, "default", ProblemJson);
            Assert.True(problem.GetProperty("properties").TryGetProperty("code", out _), $"{operation} fails oddly.");
            var success = Assert.Single(operation.Answers.EnumerateObject(), answer => answer.Name[0] == '2');
            if (operation.AnswersJson(success.Name))
            {
                Assert.Equal(
                    Arrays.Contains(operation.Id) ? "array" : "object",
                    description.Schema(operation, success.Name).GetProperty("type").GetString());
            }

            if (operation.Text.TryGetProperty("requestBody", out var body))
            {
                var schema = description.Follow(body.GetProperty("content").GetProperty(Json).GetProperty("schema"));
                Assert.NotEmpty(schema.GetProperty("properties").EnumerateObject());
            }
        }
    }

    [Flow(Postgres = false)]
    public async Task An_operation_is_secured_exactly_if_it_refuses_a_stranger(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var operation in (await ApiDescription.Of(installation.Anyone)).Operations)
        {
            var answer = await operation.CallBy(installation.Anyone);
            var refused = answer.Status == 401;
            Assert.True(operation.NeedsToken == refused, $"{operation} has the wrong security. {answer}");
            Assert.Equal(operation.NeedsToken, operation.Answers.TryGetProperty("401", out _));
        }
    }

    [Flow(Postgres = false)]
    public async Task An_operation_tells_of_403_exactly_if_it_refuses_a_role(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var operation in (await ApiDescription.Of(installation.Anyone)).Operations)
        {
            // One of its own each: some end the session.
            var answer = await operation.CallBy(await installation.Buyer());
            var told = operation.Answers.TryGetProperty("403", out _);
            var refused = answer.Status == 403;
            Assert.True(told == refused, $"{operation} tells {(told ? "of" : "nothing of")} 403. {answer}");
        }
    }

    [Flow(Postgres = false)]
    public async Task A_list_tells_how_it_is_paged_with_the_bounds_it_keeps(Topology topology)
    {
        var admin = (await installations.On(topology)).Admin;
        var webhook = (await admin.Post("/webhooks", """{"url":"https://1.1.1.1/","events":["*"]}""")).Is(201).Id;
        var @event = await admin.Publish(5);
        var description = await ApiDescription.Of(admin);
        var lists = description.Operations.Where(operation =>
            operation.AnswersJson("200") &&
            description.Schema(operation, "200").TryGetProperty("properties", out var members) &&
            members.TryGetProperty("nextCursor", out _))
            .ToList();
        Assert.NotEmpty(lists);
        foreach (var list in lists)
        {
            var thing = list.Path.StartsWith("/events/", StringComparison.Ordinal) ? @event : webhook;
            var path = list.Path.Replace("{id}", thing, StringComparison.Ordinal);
            Assert.Contains("query:cursor", list.Parameters.Keys);
            var isNumbered = list.Parameters.ContainsKey("query:page");
            foreach (var name in isNumbered ? new[] { "limit", "page" } : ["limit"])
            {
                var schema = list.Parameters[$"query:{name}"];
                var (min, max) = (schema.GetProperty("minimum").GetInt32(), schema.GetProperty("maximum").GetInt32());
                (await admin.Get($"{path}?{name}={min}")).Is(200);
                (await admin.Get($"{path}?{name}={max}{(name == "page" ? "&limit=1" : "")}")).Is(200);
                (await admin.Get($"{path}?{name}={min - 1}")).IsProblem(400, "invalid_query", name);
                (await admin.Get($"{path}?{name}={max + 1}")).IsProblem(400, "invalid_query", name);
            }

            var usual = list.Parameters["query:limit"].GetProperty("default").GetInt32();
            Assert.Equal(usual, (await admin.Get(path)).Is(200).Number("limit"));
        }
    }

    [Flow(Postgres = false)]
    public async Task An_id_of_a_path_is_told_as_a_UUID_and_a_malformed_one_is_answered_like_an_unknown_one(
        Topology topology)
    {
        var admin = (await installations.On(topology)).Admin;
        var withIds = (await ApiDescription.Of(admin)).Operations
            .Where(operation =>
                operation.Path.Contains("d}", StringComparison.Ordinal) && !BySlug.Contains(operation.Id))
            .ToList();
        Assert.NotEmpty(withIds);
        foreach (var operation in withIds)
        {
            Assert.All(
                operation.Parameters.Where(parameter => parameter.Key.StartsWith("path:", StringComparison.Ordinal)),
                id => Assert.Equal("uuid", id.Value.GetProperty("format").GetString()));
            var unknown = await operation.CallBy(admin);
            foreach (var malformed in new[] { "nothing", "1", $"{Guid.NewGuid():N}", $"{Guid.Empty}" })
            {
                var answer = await operation.CallBy(admin, malformed);
                Assert.Equal((unknown.Status, unknown["detail"]), (answer.Status, answer["detail"]));
            }
        }
    }

    [Flow(Postgres = false)]
    public async Task Headers_and_switches_that_are_read_are_told(Topology topology)
    {
        var description = await ApiDescription.Of((await installations.On(topology)).Anyone);
        Assert.Contains("header:Idempotency-Key", description.Operation("placeBooking").Parameters.Keys);
        Assert.Contains("header:If-Match", description.Operation("updateEvent").Parameters.Keys);
        Assert.Contains("query:mine", description.Operation("listEvents").Parameters.Keys);
        Assert.Equal(
            ["getHealth", "getLiveness", "getReadiness"],
            description.Operations.Where(operation => !operation.Answers.TryGetProperty("429", out _))
                .Select(operation => operation.Id).Order());
        foreach (var created in description.Operations.Where(o => o.Answers.TryGetProperty("201", out _)))
        {
            var headers = created.Answers.GetProperty("201").GetProperty("headers");
            Assert.True(headers.TryGetProperty("Location", out _), $"{created} does not tell of Location.");
        }
    }

    [Flow(Postgres = false)]
    public async Task Answers_fit_their_schemas(Topology topology)
    {
        var installation = await installations.On(topology);
        var (anyone, organizer) = (installation.Anyone, installation.Organizer);
        var description = await ApiDescription.Of(anyone);
        var published = await organizer.Publish(capacity: 5);

        Fits("getHealth", "200", await anyone.Get("/health"));
        Fits("getLiveness", "200", await anyone.Get("/health/live"));
        Fits("listTokenKeys", "200", await anyone.Get("/.well-known/jwks.json"));
        Fits("getOwnAccount", "200", await organizer.Get("/auth/me"));
        Fits("listEvents", "200", await anyone.Get("/events"));
        Fits("listEvents", "200", await anyone.Get("/events?cursor="));
        Fits("getEvent", "200", await anyone.Get($"/events/{published}"));
        Fits("placeBooking", "201", await organizer.Book(published));
        Fits("createEvent", "default", await organizer.Post("/events", "{}"), ProblemJson);
        Fits("getOwnAccount", "401", await anyone.Get("/auth/me"), ProblemJson);

        void Fits(string operation, string status, Answer answer, string mediaType = Json) => ApiDescription.AssertFits(
            answer.Json, description.Schema(description.Operation(operation), status, mediaType));
    }
}

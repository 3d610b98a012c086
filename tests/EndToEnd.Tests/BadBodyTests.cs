using Gatehouse.Foundation.Data;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Bodies that are not the JSON that was asked for.</summary>
public sealed class BadBodyTests(Installations installations)
{
    [InEveryTopology]
    public async Task What_is_no_JSON_object_is_refused_with_line_and_position(Topology topology)
    {
        var installation = await installations.On(topology);
        (string Body, string Said)[] bodies =
        [
            ("[]", "not an array"),
            ("\"text\"", "not a text"),
            ("null", "not null"),
            ("17", "not a number"),
            ("{\n  \"name\": \"cut", "line 2, position"),
            ("{\n\n  \"name\": oops}", "line 3, position 11"),
            ("{\"name\":\"a\"} trailing", "line 1, position 14"),
            ("{\"name\":\"a\",}", "line 1, position 13"),
            ("{'name':'a'}", "line 1, position 2"),
            ("{\"name\":\"a\",\"name\":\"b\"}", "uplicate"),
            (new string('[', 200), "line 1, position"),
            ("{\"name\":\"\ttab\"}", "line 1, position 10"),
        ];
        foreach (var (body, said) in bodies)
        {
            var answer = (await installation.Organizer.Post("/events", body)).IsProblem(400, "malformed_json");
            Assert.True(answer["detail"].Contains(said, StringComparison.Ordinal), $"'{said}' was not said. {answer}");
        }

        var latin = new ByteArrayContent(
            [.. "{\"email\":\"caf"u8, 0xE9, .. "@example.org\",\"password\":\"password\"}"u8]);
        latin.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        (await installation.Anyone.Send(HttpMethod.Post, "/auth/register", latin))
            .IsProblem(422, "validation_failed", "email");
        Assert.Equal(0, await installation.Ledger.Events("a"));
    }

    [Fact]
    public async Task An_empty_body_in_chunks_reads_as_an_empty_object()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        using var raw = await RawRequest.Open(installation.Anyone.Http.BaseAddress!);
        await raw.Send(
            """
            POST /auth/login HTTP/1.1
            Host: localhost
            Connection: close
            Transfer-Encoding: chunked

            0


            """.ReplaceLineEndings("\r\n"));

        var answer = await raw.Receive();

        Assert.StartsWith("HTTP/1.1 422 ", answer, StringComparison.Ordinal);
        Assert.Contains("validation_failed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_Unicode_is_refused_wherever_it_stands()
    {
        var installation = await installations.On(DatabaseProvider.Sqlite);
        var unnamed = await installation.Anyone.Post("/auth/register", """{"\ud800":1,"email":"a@example.org"}""");
        unnamed.IsProblem(400, "malformed_json");
        var strange = await installation.Organizer.Post("/events", """{"name":"a\ufffeb"}""");
        strange.IsProblem(422, "validation_failed", "capacity", "endAt", "name", "startAt");
    }

    [Flow]
    public async Task A_body_that_is_too_large_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        // The server answers before it has read everything, and a client that still writes would not hear it.
        var patient = ("Expect", "100-continue");
        var twoMebibytes = $$"""{"name":"{{new string('a', 2 * 1024 * 1024)}}"}""";
        (await installation.Organizer.Post("/events", twoMebibytes, patient)).IsProblem(413, "body_too_large");
        (await installation.Anyone.Post("/auth/login", twoMebibytes, patient)).IsProblem(413, "body_too_large");

        // Without a length in advance the bound holds as well; that of a login is 16 KiB.
        var chunked = Api.Json($$"""{"email":"{{new string('a', 17 * 1024)}}"}""");
        (await installation.Anyone.Send(HttpMethod.Post, "/auth/login", chunked, ("Transfer-Encoding", "chunked")))
            .IsProblem(413, "body_too_large");
    }

    [InEveryTopology]
    public async Task Another_content_type_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var type in new[] { "text/plain", "application/xml", "application/x-www-form-urlencoded",
            "application/json; charset=utf-16", "nonsense" })
        {
            var content = new ByteArrayContent("{\"email\":\"a@example.org\",\"password\":\"password\"}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await installation.Anyone.Send(HttpMethod.Post, "/auth/login", content))
                .IsProblem(415, "unsupported_media_type");
        }
    }

    [Flow]
    public async Task An_unknown_field_is_refused_by_its_name(Topology topology)
    {
        var installation = await installations.On(topology);
        var wish = Api.Wish();
        wish["capactiy"] = 5;
        wish["Name"] = "another case";
        (await installation.Organizer.Post("/events", wish.ToJsonString()))
            .IsProblem(422, "validation_failed", "Name", "capactiy");
    }

    [InEveryTopology]
    public async Task Texts_that_cannot_be_kept_are_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        foreach (var name in new[] { "a\\u0000b", "\\ud83d", "a \\udc00 b", "line\\nbreak", "\\u001b[31mred", "" })
        {
            var json = Api.Wish("NAME").ToJsonString().Replace("NAME", name, StringComparison.Ordinal);
            (await installation.Organizer.Post("/events", json)).IsProblem(422, "validation_failed", "name");
        }

        var nul = Api.Wish();
        nul["description"] = "\0";
        nul["venue"] = "\0";
        nul["timeZone"] = "\0";
        nul["currency"] = "\0";
        nul["status"] = "\0";
        (await installation.Organizer.Post("/events", nul.ToJsonString()))
            .IsProblem(422, "validation_failed", "currency", "description", "status", "timeZone", "venue");
        // In an address the server itself refuses it, before there is a request.
        (await installation.Anyone.Get("/events/a%00b")).Is(400);
    }

    [Flow]
    public async Task A_client_that_goes_away_in_the_middle_does_no_harm(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(1_000);
        for (var i = 0; i < 20; i++)
        {
            // Half of a body, then a reset.
            using var half = await RawRequest.Open(installation.Address);
            await half.SendBooking(eventId, buyer, bodyBytes: 20);
            await half.Send("{\"quan");
            half.Reset();
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            // A whole request whose sender does not wait for the answer.
            using var whole = await RawRequest.Open(installation.Address);
            await whole.SendBooking(eventId, buyer, bodyBytes: 14);
            await whole.Send("{\"quantity\":1}");
            whole.Reset();
        }));

        (await buyer.Book(eventId)).Is(201);
        var books = await installation.Ledger.Agrees(eventId);
        Assert.InRange(books.Bookings, 1, 51);
        Assert.DoesNotContain(installation.Log, line =>
            line.Contains("Unhandled exception", StringComparison.Ordinal));
    }
}

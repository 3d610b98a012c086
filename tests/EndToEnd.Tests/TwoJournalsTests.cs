using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Kernel;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// Every endpoint of the journal by somebody who knows all of somebody else's: ids, tags, words, cursors, versions and
/// keys. What they hear is what somebody hears who made all of that up, and nothing of the other's is changed. A new
/// endpoint without a case fails.
/// </summary>
public sealed partial class TwoJournalsTests(Installations installations)
{
    private static readonly Dictionary<string, Func<Journal, IEnumerable<Ask>>> Cases = new(StringComparer.Ordinal)
    {
        ["listEntries"] = of => Filters(of).Concat([
            $"?cursor={of.Cursor}", $"?cursor={of.Cursor}&limit=1&q={of.Word}", $"?page=2&limit=1&tag={of.Tag}",
        ]).Select(query => new Ask(query)),
        ["getEntry"] = of => of.Entries.Select(id => new Ask(id)),
        ["getEntryStats"] = of =>
            [new(""), new($"?from={of.Day}&until={of.NextDay}"), new($"?from={of.Day}&window=90")],
        ["getEntryChart"] = of =>
            from name in new[] { "mood", "calendar", "distribution", "weekday-hours", "categories", of.Tag }
            from query in new[] { "", $"?from={of.Day}&theme=dark" }
            select new Ask(query) { Name = name },
        ["exportEntriesCsv"] = of => Filters(of).Select(query => new Ask(query)),
        ["exportEntriesJson"] = of => Filters(of).Select(query => new Ask(query)),
        ["createEntry"] = of =>
            [new("", of.Body, ("Idempotency-Key", of.Key)), new("", Other, ("Idempotency-Key", of.Key))],
        ["createEntries"] = of =>
        [
            new("", $$"""{"entries":[{{of.Body}}]}""", ("Idempotency-Key", of.Key + "-many")),
            new("", $$"""{"entries":[{{Other}}]}""", ("Idempotency-Key", of.Key + "-many")),
            new("", $$"""{"entries":[{{Other}}]}""", ("Idempotency-Key", of.Key)),
        ],
        ["updateEntry"] = of => of.Entries.SelectMany(Changes),
        ["updateEntryByQuery"] = of => of.Entries.SelectMany(id => Changes($"?id={id}")),
        ["deleteEntry"] = of => of.Entries.SelectMany(Deletions),
        ["deleteEntryByQuery"] = of => of.Entries.SelectMany(id => Deletions($"?id={id}")),
        ["restoreEntry"] = of => of.Entries.Select(id => new Ask(id)),
    };

    private const string Other = """{"text":"Something else.","mood":3,"category":"Else"}""";

    [Flow]
    public async Task Whatever_somebody_knows_of_anothers_journal_answers_as_if_it_were_made_up(
        Topology topology)
    {
        var installation = await installations.On(topology);
        var (owner, knowing, guessing) = (
            await installation.Buyer(), await installation.Buyer(), await installation.Buyer());
        var (real, madeUp) = (await Write(owner), Journal.MadeUp());
        var before = await Everything(owner, real);
        var operations = (await ApiDescription.Of(installation.Anyone)).Operations
            .Where(operation => operation.Path.Split('/')[1] == "entries").ToList();
        Assert.Equal(Cases.Keys.Order(), operations.Select(operation => operation.Id).Order());

        // Those that only look first, while both have nothing.
        foreach (var operation in operations.OrderBy(operation => operation.Method != "GET"))
        {
            foreach (var (known, made) in Cases[operation.Id!](real).Zip(Cases[operation.Id!](madeUp)))
            {
                var heard = await Send(knowing, operation, known);
                var expected = await Send(guessing, operation, made);
                Assert.Equal(Plain(expected, madeUp), Plain(heard, real));
                Assert.True(
                    known.Body is not null || !heard.Text.Contains("secret", StringComparison.OrdinalIgnoreCase),
                    $"It tells what it should not. {heard}");
            }
        }

        Assert.Equal(before, await Everything(owner, real));
    }

    private static string[] Filters(Journal of) =>
    [
        "", $"?category={of.Category}", $"?tag={of.Tag}", $"?q={of.Word}", $"?q={of.Word[..3]}",
        $"?q={of.Word}&category={of.Category}&tag={of.Tag}&moodMin=2&moodMax=9",
        $"?from={of.Day}&until={of.NextDay}",
    ];

    private static IEnumerable<Ask> Changes(string of) =>
    [
        new(of, """{"mood":3}"""), new(of, """{"mood":3}""", ("If-Match", "\"1\"")),
        new(of, """{"mood":3}""", ("If-Match", "\"7\"")), new(of, """{"mood":99}"""),
    ];

    private static IEnumerable<Ask> Deletions(string of) =>
        [new(of), new(of, null, ("If-Match", "\"1\"")), new(of, null, ("If-Match", "\"7\""))];

    private static Task<Answer> Send(Api caller, Operation operation, Ask ask)
    {
        var path = operation.Path.Replace("{id}", ask.Address, StringComparison.Ordinal)
            .Replace("{name}", ask.Name, StringComparison.Ordinal);
        return caller.Send(
            new HttpMethod(operation.Method),
            operation.Path.Contains("{id}", StringComparison.Ordinal) ? path : path + ask.Address,
            ask.Body is null ? null : Api.Json(ask.Body),
            ask.Headers);
    }

    private static async Task<Journal> Write(Api owner)
    {
        var real = Journal.MadeUp();
        real = real with
        {
            Word = $"secret{real.Word}",
            Category = $"Secret{real.Category}",
            Tag = $"secret{real.Tag}",
        };
        var first = (await owner.Post("/entries", real.Body, ("Idempotency-Key", real.Key))).Is(201).Id;
        var many = $$"""{"entries":[{{real.Body}}]}""";
        (await owner.Post("/entries/batch", many, ("Idempotency-Key", real.Key + "-many"))).Is(200);
        var deleted = (await owner.Post("/entries", real.Body)).Is(201).Id;
        (await owner.Delete($"/entries/{deleted}")).Is(204);
        var cursor = (await owner.Get("/entries?cursor=&limit=1")).Is(200)["nextCursor"];
        return real with { Entries = [first, deleted], Cursor = cursor };
    }

    private static async Task<string> Everything(Api owner, Journal of)
    {
        var answers = new List<string>();
        foreach (var path in new[]
        {
            "/entries", $"/entries/{of.Entries[0]}", $"/entries?q={of.Word}", $"/entries?tag={of.Tag}",
            "/entries/stats", "/entries/export.json", "/entries/export.csv", "/entries/charts/mood.svg",
        })
        {
            answers.Add((await owner.Get(path)).Is(200).Text);
        }

        Assert.Contains(of.Word, answers[5], StringComparison.Ordinal);
        return string.Join('\n', answers);
    }

    private static string Plain(Answer answer, Journal of)
    {
        var headers = answer.Headers.Where(header => header.Key is not ("Date" or "X-Request-Id" or "traceparent"))
            .Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal);
        var text = $"{answer.Status}\n{string.Join('\n', headers)}\n{answer.Text}";
        foreach (var own in new[] { of.Word, of.Category, of.Tag, of.Key })
        {
            text = text.Replace(own, "…", StringComparison.OrdinalIgnoreCase);
        }

        return Changing().Replace(text, "…");
    }

    [GeneratedRegex(
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\b[0-9a-f]{32}\\b|\\b[0-9a-f]{16}\\b|" +
            "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|Content-Length: \\d+",
        RegexOptions.None,
        1000)]
    private static partial Regex Changing();

    /// <summary>What is asked of one endpoint.</summary>
    private sealed record Ask(string Address, string? Body = null, params (string Name, string Value)[] Headers)
    {
        public string Name { get; init; } = "";
    }

    /// <summary>What somebody may know of a journal.</summary>
    private sealed record Journal(
        IReadOnlyList<string> Entries, string Word, string Category, string Tag, string Key, string Cursor, string Day)
    {
        public string NextDay => DateOnly.Parse(Day, CultureInfo.InvariantCulture).AddDays(1)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        public string Body => $$"""
            {
                "text": "Of {{Word}} and more.", "mood": 7, "category": "{{Category}}", "tags": ["{{Tag}}"],
                "at": "{{Day}}T09:00:00Z"
            }
            """;

        public static Journal MadeUp()
        {
            var now = TimeProvider.System.Now();
            return new Journal(
                [$"{Ids.New(now)}", $"{Ids.New(now)}"],
                $"w{Guid.NewGuid():N}",
                $"C{Guid.NewGuid():N}",
                $"t{Guid.NewGuid():N}",
                $"k{Guid.NewGuid():N}",
                new Cursor(now, Ids.New(now)).ToString(),
                now.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }
}

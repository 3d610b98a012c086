using System.Text.Json;
using System.Xml.Linq;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What a journal gives as files: exports and pictures.</summary>
public sealed class JournalFileTests(Installations installations)
{
    [Flow]
    public async Task Exports_are_files_and_take_the_filters_of_the_list(Topology topology)
    {
        var owner = await (await installations.On(topology)).Buyer();
        (await owner.Post(
            "/entries", """{"text":"=1+1\n\"a, b\"","mood":7,"category":"Sums","tags":["x"]}""")).Is(201);
        (await owner.Post("/entries", """{"text":"A walk.","mood":3,"category":"Outdoors"}""")).Is(201);

        var csv = (await owner.Get("/entries/export.csv?q=a%20b")).Is(200);
        Assert.Equal("text/csv; charset=utf-8", csv.Header("Content-Type"));
        Assert.Matches(@"^attachment; filename=entries-\d{4}-\d\d-\d\d\.csv", csv.Header("Content-Disposition")!);
        Assert.Contains(",7,Sums,x,\"'=1+1\n\"\"a, b\"\"\",", csv.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("walk", csv.Text, StringComparison.Ordinal);

        var json = (await owner.Get("/entries/export.json?moodMax=5")).Is(200);
        Assert.StartsWith("application/json", json.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Matches(@"^attachment; filename=entries-\d{4}-\d\d-\d\d\.json", json.Header("Content-Disposition")!);
        var read = Assert.Single(json.Json.EnumerateArray());
        Assert.Equal(
            (await owner.Get($"/entries/{read.GetProperty("id")}")).Is(200).Json.GetRawText(), read.GetRawText());

        Assert.Equal("[]", (await owner.Get("/entries/export.json?tag=none")).Is(200).Text);
        (await owner.Get("/entries/export.csv?q=%2A&moodMin=11")).IsProblem(400, "invalid_query", "moodMin", "q");
        (await owner.Get("/entries?q=%22%27")).IsProblem(400, "invalid_query", "q");
        (await owner.Get($"/entries?q={new string('a', 201)}")).IsProblem(400, "invalid_query", "q");
    }

    [InEveryTopology]
    public async Task Export_that_fails_midway_is_cut_off_and_looks_like_no_whole_file(Topology topology)
    {
        var installation = await installations.On(topology);
        var owner = await installation.Buyer();
        const string many = """{"text":"A walk.","mood":7,"category":"Outdoors"}""";
        var last = $"{Guid.NewGuid()}";
        (await owner.Post(
            "/entries/batch", $$"""{"entries":[{{string.Join(',', Enumerable.Repeat(many, 600))}}]}""")).Is(200);
        // Made later, so that it comes after them.
        (await owner.Post("/entries", $$"""{"text":"{{last}}","mood":7,"category":"Outdoors"}""")).Is(201);
        Assert.EndsWith("]", (await owner.Get("/entries/export.json")).Is(200).Text, StringComparison.Ordinal);

        await installation.Ledger.Execute("journal", $"UPDATE entries SET tags = 'broken' WHERE text = '{last}'");

        foreach (var kind in new[] { "json", "csv" })
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => owner.Get($"/entries/export.{kind}"));
        }
    }

    [Flow]
    public async Task Charts_show_the_numbers_of_the_statistics_and_may_run_nothing(Topology topology)
    {
        var owner = await (await installations.On(topology)).Buyer();
        for (var i = 0; i < 12; i++)
        {
            var at = $"2021-0{1 + (i % 2)}-1{i % 7}T1{i % 10}:00:00Z";
            (await owner.Post("/entries", $$"""
                {"text":"Entry.","mood":{{1 + (i * 7 % 10)}},"category":"<{{i % 3}}>","at":"{{at}}"}
                """)).Is(201);
        }

        const string range = "?from=2021-01-01&until=2021-03-01&window=5";
        var stats = (await owner.Get($"/entries/stats{range}")).Is(200).Json;
        var days = stats.GetProperty("days").EnumerateArray().ToList();
        foreach (var (name, expected) in new (string, IEnumerable<string>)[]
        {
            ("mood", Means(days, "day", "date").Concat(days
                .Where(day => day.TryGetProperty("movingAverage", out _))
                .Select(day => $"average {day.GetProperty("date")} {day.GetProperty("movingAverage")}"))),
            ("calendar", Means(days, "day", "date")),
            ("distribution", stats.GetProperty("distribution").EnumerateArray()
                .Select((count, i) => $"mood {i + 1} {count}")),
            ("weekday-hours", Means(stats.GetProperty("weekdayHours").EnumerateArray(), "hour", "weekday", "hour")),
            ("categories", Means(
                stats.GetProperty("categories").GetProperty("items").EnumerateArray(), "category", "name")),
        })
        {
            var answer = (await owner.Get($"/entries/charts/{name}.svg{range}&theme=light")).Is(200);
            Assert.Equal("image/svg+xml", answer.Header("Content-Type"));
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Matches(
                "^default-src 'none'; style-src 'sha256-[^']+';", answer.Header("Content-Security-Policy")!);
            var marks = XDocument.Parse(answer.Text).Descendants()
                .Where(mark => mark.Attribute("data-value") is not null)
                .Select(mark => string.Join(
                    ' ', new[] { "series", "key", "value" }.Select(part => mark.Attribute($"data-{part}")!.Value)));
            var summary = $"summary mean {stats.GetProperty("summary").GetProperty("mean")}";
            Assert.Equal(expected.Append(summary).Order(), marks.Order());
        }

        Assert.Contains(
            "There are no entries",
            (await owner.Get("/entries/charts/mood.svg?from=2020-01-01&until=2020-02-01")).Is(200).Text,
            StringComparison.Ordinal);
        (await owner.Get("/entries/charts/moods.svg")).IsProblem(404, "not_found");
        (await owner.Get("/entries/charts/mood.svg?theme=red&from=x&window=0")).IsProblem(
            400, "invalid_query", "from", "theme", "window");
        (await owner.Get("/entries/charts/mood.svg?from=2021-03-01&until=2021-01-01")).IsProblem(
            400, "invalid_query", "from");
    }

    private static IEnumerable<string> Means(IEnumerable<JsonElement> groups, string series, params string[] keys) =>
        from figures in groups
        let mean = figures.GetProperty("figures").TryGetProperty("mean", out var value) ? value : default
        where mean.ValueKind == JsonValueKind.Number
        let key = string.Join('-', keys.Select(name => figures.GetProperty(name)))
        select $"{series} {key} {mean}";
}

using System.Globalization;
using System.Text.Json;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What administrators see and force.</summary>
public sealed class AdminTests(Installations installations)
{
    [Flow]
    public async Task The_audit_log_is_paged_over_all_modules_newest_first_and_filtered(Topology topology)
    {
        var installation = await installations.On(topology);
        var eventId = await installation.Organizer.Publish(5);
        var audit = $"{installation.Of("ticketing")}/admin/audit";
        // Later rows are newer than the first page and come in none.
        var (rows, cursor) = (new List<JsonElement>(), "");
        do
        {
            var page = (await installation.Admin.Get($"{audit}?limit=3&cursor={cursor}")).Is(200).Json;
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString()! : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(rows.Count, rows.Select(row => $"{row.GetProperty("module")} {Number(row)}").Distinct().Count());
        Assert.Equal(rows.Select(At).OrderDescending(), rows.Select(At));
        foreach (var module in rows.GroupBy(row => row.GetProperty("module").GetString()))
        {
            Assert.Equal(Enumerable.Range(1, module.Count()).Reverse(), module.Select(Number));
        }

        Assert.Superset(
            new HashSet<string?>(installation.Split is null ? ["identity", "ticketing"] : ["ticketing"]),
            rows.Select(row => row.GetProperty("module").GetString()).ToHashSet());
        var made = (await installation.Admin.Get($"{audit}?object=event/{eventId}&action=event.created")).Is(200);
        var row = Assert.Single(made.Json.GetProperty("items").EnumerateArray());
        Assert.Equal(eventId, row.GetProperty("after").GetProperty("id").GetString());
        (await installation.Organizer.Get(audit)).IsProblem(403, "forbidden");
        (await installation.Admin.Get($"{audit}?limit=0&module=none&actor=me&from=now&action=%00&cursor=x"))
            .IsProblem(400, "invalid_query", "limit", "module", "actor", "from", "action", "cursor");
    }

    [Fact]
    public async Task A_breaker_is_forced_by_administrators_shows_in_health_and_is_audited()
    {
        await using var installation = await Installation.Start(DatabaseProvider.Postgres);
        const string path = "/admin/breakers/database.ticketing";
        (await installation.Organizer.Post(path, """{"state":"open"}""")).IsProblem(403, "forbidden");
        (await installation.Admin.Post(path, """{"state":"broken"}""")).IsProblem(422, "validation_failed", "state");
        (await installation.Admin.Post("/admin/breakers/nothing", """{"state":"open"}""")).IsProblem(404, "not_found");

        var forced = (await installation.Admin.Post(path, """{"state":"open"}""")).Is(200);
        Assert.Equal(("open", "True", "True"), (forced["state"], forced["forced"], forced["audited"]));
        (await installation.Anyone.Get("/events")).IsProblem(503, "database_unavailable");
        Assert.Contains("\"database.ticketing\":\"open\"", (await installation.Anyone.Get("/health")).Text);
        (await installation.Admin.Post(path, """{"state":"auto"}""")).Is(200);

        (await installation.Anyone.Get("/events")).Is(200);
        await Poll.Until(
            async () => (await installation.Anyone.Get("/health/ready")).Status == 200,
            TimeSpan.FromSeconds(10),
            "readiness, which is a second old at most");
        var audit = (await installation.Admin.Get("/admin/audit?object=breaker/database.ticketing")).Is(200);
        Assert.Equal(
            ["auto", "open"],
            audit.Json.GetProperty("items").EnumerateArray()
                .Select(one => one.GetProperty("after").GetProperty("state").GetString()));
    }

    private static int Number(JsonElement row) => row.GetProperty("number").GetInt32();

    private static DateTimeOffset At(JsonElement row) =>
        DateTimeOffset.Parse(row.GetProperty("at").GetString()!, CultureInfo.InvariantCulture);
}

using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What administrators see of jobs and schedules of the program as it runs.</summary>
public sealed class JobTests(Installations installations)
{
    [Flow]
    public async Task Schedule_that_is_run_now_tells_how_it_went(Topology topology)
    {
        var installation = await installations.On(topology);
        var asked = DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1);

        Assert.Equal("0 25 3 * * ?", (await installation.Admin.Post(
            $"{installation.Of("identity")}/admin/schedules/identity.prune-sessions/run", "")).Is(202)["cron"]);

        var last = default(JsonElement);
        await Poll.Until(
            async () => (await Schedule(installation, "identity.prune-sessions")).TryGetProperty("last", out last) &&
                last.GetProperty("at").GetDateTimeOffset() >= asked,
            TimeSpan.FromSeconds(20),
            "its last run");
        Assert.Equal("done", last.GetProperty("outcome").GetString());
        Assert.Contains("refresh tokens deleted", last.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [InEveryTopology]
    public async Task Every_schedule_says_when_it_comes_next(Topology topology)
    {
        var installation = await installations.On(topology);

        var schedules = (await installation.Admin.Get($"{installation.Of("ticketing")}/admin/schedules")).Is(200).Json
            .GetProperty("items");

        var minuteAgo = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);
        Assert.All(schedules.EnumerateArray(), schedule =>
            Assert.True(schedule.GetProperty("next").GetDateTimeOffset() > minuteAgo));
        Assert.Contains(schedules.EnumerateArray(), schedule =>
            schedule.GetProperty("name").GetString() == "ticketing.expire-holds");
    }

    [Flow]
    public async Task Jobs_are_listed_by_state_retried_when_dead_and_dropped_when_queued(Topology topology)
    {
        var installation = await installations.On(topology);
        // Of two modules, where one process has both.
        var dead = await installation.Ledger.AddJob("ticketing", "dead");
        var queued = await installation.Ledger.AddJob(installation.Split is null ? "identity" : "ticketing", "queued");
        var jobs = $"{installation.Of("ticketing")}/admin/jobs";
        var kind = $"?kind={Ledger.JobKind}";

        var all = await Ids(installation, $"{kind}&cursor=");
        Assert.Equal([queued, dead], all);
        Assert.Equal([dead], await Ids(installation, $"{kind}&state=dead"));
        var first = (await installation.Admin.Get($"{jobs}{kind}&limit=1&cursor=")).Is(200);
        Assert.Equal([dead], await Ids(installation, $"{kind}&limit=1&cursor={first["nextCursor"]}"));

        Assert.Equal("wrong_state", (await installation.Admin.Post($"{jobs}/{queued}/retry", "")).Is(409)["code"]);
        Assert.Equal("wrong_state", (await installation.Admin.Delete($"{jobs}/{dead}")).Is(409)["code"]);
        Assert.Equal("queued", (await installation.Admin.Post($"{jobs}/{dead}/retry", "")).Is(200)["state"]);
        (await installation.Admin.Delete($"{jobs}/{dead}")).Is(204);
        (await installation.Admin.Delete($"{jobs}/{queued}")).Is(204);
        (await installation.Admin.Get($"{jobs}/{queued}")).Is(404);
    }

    [InEveryTopology]
    public async Task What_cannot_be_asked_is_refused_and_nobody_else_is_shown_anything(Topology topology)
    {
        var installation = await installations.On(topology);

        foreach (var query in new[] { "state=lost", "kind=a%00b", "kind=", "page=2", "cursor=nonsense" })
        {
            Assert.Equal("invalid_query", (await installation.Admin.Get($"/admin/jobs?{query}")).Is(400)["code"]);
        }

        (await installation.Admin.Get("/admin/jobs/not-an-id")).Is(404);
        (await installation.Admin.Post("/admin/schedules/ticketing.nothing/run", "")).Is(404);
        (await installation.Organizer.Get("/admin/jobs")).Is(403);
        (await installation.Anyone.Post("/admin/schedules/ticketing.expire-holds/run", "")).Is(401);
    }

    private static async Task<JsonElement> Schedule(Installation installation, string name) =>
        (await installation.Admin.Get($"{installation.Of("identity")}/admin/schedules")).Is(200).Json
            .GetProperty("items").EnumerateArray()
            .Single(schedule => schedule.GetProperty("name").GetString() == name);

    private static async Task<string[]> Ids(Installation installation, string query) =>
        [.. (await installation.Admin.Get($"{installation.Of("ticketing")}/admin/jobs{query}")).Is(200).Json
            .GetProperty("items").EnumerateArray()
            .Select(job => job.GetProperty("id").GetString()!)];
}
